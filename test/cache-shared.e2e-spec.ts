import { request as httpRequest } from 'node:http';
import { Caching, type Owner, type Said as Asked } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { contentOf } from './support/streamed.js';
import { usageOf } from './support/usage.js';

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start();
  owner = await caching.project();
});

afterAll(() => caching?.gateway.stop());
afterEach(() => caching.gateway.simulator.chaos([]));

function many(count: number, body: object): Promise<Asked[]> {
  return Promise.all(Array.from({ length: count }, () => caching.ask(owner, body)));
}

/** One that takes so long that others can ask meanwhile. */
function slowQuestion(directives = '[[sim:count 30]] [[sim:fault pace=20]]'): object {
  return { ...caching.question(directives), stream: true, stream_options: { include_usage: true } };
}

/** Resolves when the answer begins. */
function begin(body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${owner.apiKey}` };
  return caching.gateway.chat(body, { headers, ...(signal && { signal }) });
}

/** Asks until it leaves. */
async function askFor(body: object, signal: AbortSignal): Promise<void> {
  await begin(body, signal)
    .then(response => response.text())
    .catch(() => null);
}

/** Asks, and has its connection reset when a part of the answer has come. */
function askAndBreak(body: object, when: (text: string) => boolean): Promise<void> {
  const headers = { authorization: `Bearer ${owner.apiKey}`, 'content-type': 'application/json' };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const asked = httpRequest(`${caching.gateway.url}/v1/chat/completions`, { method: 'POST', headers });
  let text = '';
  asked.on('response', response =>
    response.on('data', piece => {
      text += String(piece);
      if (when(text)) {
        asked.socket?.resetAndDestroy();
        resolve();
      }
    }),
  );
  asked.on('error', reject);
  asked.on('close', () => reject(new Error('The answer came to its end.')));
  asked.end(JSON.stringify(body));
  return promise;
}

/** Who asked first, as those are told who were answered by that. */
function askedBy(text = ''): string {
  return (JSON.parse(/"cache":(\{[^}]*\})/.exec(text)?.[1] ?? '{}') as { call?: string }).call ?? '';
}

/** What two are answered who ask the same while the connection of the first breaks, who has a part of its answer. */
async function besidesBroken(body: object, before: number): Promise<string[]> {
  const first = askAndBreak(body, text => contentOf(text).length > 20);
  await eventually(() => expect(caching.calls - before).toBe(1));
  const others = await Promise.all([begin(body), begin(body)]);
  await first;
  return Promise.all(others.map(other => other.text()));
}

describe('the same request at the same time', () => {
  it('is asked of the vendor once, paid once, and answered to all, by an answer of their own', async () => {
    const before = caching.calls;
    const answers = await many(100, caching.question('[[sim:fault delay=2000]]'));

    expect(caching.calls - before).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    const bodies = answers.map(({ text }) => JSON.parse(text));
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(100);
    expect(new Set(bodies.map(({ choices }) => choices[0].message.content)).size).toBe(1);
    const [asker, ...others] = answers.toSorted((one, other) =>
      String(other.cache).localeCompare(String(one.cache)),
    ) as [Asked, ...Asked[]];
    expect(asker.cache).toBe('miss');
    expect(new Set(others.map(({ cache }) => cache))).toEqual(new Set(['hit; age=0; shared']));
    const paid = await usageOf(caching.gateway, asker.headers.get('x-request-id'));
    expect(paid).toMatchObject({ attempts: 1, cached: false, costNanoUsd: expect.any(Number) });
    expect(paid.costNanoUsd).toBeGreaterThan(0);
    const free = await Promise.all(
      others.map(({ headers }) => usageOf(caching.gateway, headers.get('x-request-id'))),
    );
    const { costNanoUsd: savedNanoUsd } = paid;
    for (const record of free) {
      expect(record).toMatchObject({
        attempts: 0,
        cached: true,
        costNanoUsd: 0,
        savedNanoUsd,
        outcome: 'completed',
      });
    }
  });

  it('is streamed to all while it comes', async () => {
    const before = caching.calls;
    const answers = await many(10, slowQuestion());

    expect(caching.calls - before).toBe(1);
    expect(new Set(answers.map(({ text }) => contentOf(text))).size).toBe(1);
    expect(answers.every(({ text }) => text.includes('[DONE]'))).toBe(true);
    expect(answers.filter(({ cache }) => cache === 'hit; age=0; shared')).toHaveLength(9);
  });

  it('goes on for the others when the one who asked first has left', async () => {
    const before = caching.calls;
    const body = slowQuestion();
    const leaving = new AbortController();
    const first = askFor(body, leaving.signal);
    await eventually(() => expect(caching.calls - before).toBe(1));
    const others = await Promise.all([begin(body), begin(body), begin(body)]);
    leaving.abort();
    await first;
    const answers = await Promise.all(others.map(other => other.text()));

    expect(caching.calls - before).toBe(1);
    expect(answers.map(contentOf).every(text => text.includes('30'))).toBe(true);
    await expect(usageOf(caching.gateway, askedBy(answers[0]))).resolves.toMatchObject({
      outcome: 'completed',
      cached: false,
      attempts: 1,
    });
    expect((await caching.ask(owner, body)).cache).toBe('hit; age=0');
  });

  it('goes on for the others when the connection of the first breaks, who has a part of it already', async () => {
    const before = caching.calls;
    const body = slowQuestion();
    const answers = await besidesBroken(body, before);

    expect(caching.calls - before).toBe(1);
    expect(new Set(answers.map(contentOf)).size).toBe(1);
    expect(answers.every(text => contentOf(text).includes('30') && text.includes('[DONE]'))).toBe(true);
    expect((await caching.ask(owner, body)).cache).toBe('hit; age=0');
  });

  it('fails for all who have a part of it when first its caller breaks off, and then its vendor', async () => {
    const before = caching.calls;
    const body = slowQuestion('[[sim:count 60]] [[sim:fault pace=20,cut=6000,times=1]]');
    const answers = await besidesBroken(body, before);

    expect(caching.calls - before).toBe(1);
    expect(new Set(answers.map(contentOf)).size).toBe(1);
    expect(answers.map(text => text.includes('[DONE]'))).toEqual([false, false]);
    expect(answers.map(text => text.includes('"error"'))).toEqual([true, true]);
    expect(await caching.ask(owner, body)).toMatchObject({ status: 200, cache: 'miss' });
  });

  it('is hung up on when all have left', async () => {
    const before = caching.calls;
    const body = slowQuestion('[[sim:count 500]] [[sim:fault pace=50]]');
    const leaving = new AbortController();
    const first = askFor(body, leaving.signal);
    await eventually(() => expect(caching.calls - before).toBe(1));
    await begin(body, leaving.signal);
    leaving.abort();
    await first;

    await eventually(async () => {
      const path = `/admin/usage?projectId=${owner.id}&outcome=aborted`;
      const { data } = (await caching.gateway.admin<{ data: { attempts: number }[] }>('GET', path)).body;
      expect(data).toHaveLength(2);
      expect(data.filter(({ attempts }) => attempts === 1)).toHaveLength(1);
    });
  });

  it('fails for all as it failed at the vendor, which is not asked again by each', async () => {
    caching.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=500,delay=500' }]);
    const before = caching.calls;
    const [alone] = await many(1, caching.question());
    const asOne = caching.calls - before;
    const answers = await many(20, caching.question());

    expect(caching.calls - before).toBe(2 * asOne);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(alone?.status));
  });

  it('breaks off for all when it breaks off', async () => {
    const answers = await many(5, slowQuestion('[[sim:count 30]] [[sim:fault pace=20,cut=900]]'));

    expect(answers.map(({ text }) => text.includes('[DONE]'))).toEqual(Array(5).fill(false));
    expect(answers.map(({ text }) => text.includes('"error"'))).toEqual(Array(5).fill(true));
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    const records = await Promise.all(ids.map(id => usageOf(caching.gateway, id)));
    expect(records.filter(({ cached }) => cached)).toHaveLength(4);
    expect(records.map(({ outcome, savedNanoUsd }) => `${outcome} ${savedNanoUsd}`)).toEqual(
      Array(5).fill('cut 0'),
    );
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HedgeBudget } from '@app/routing';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { recordsOf } from './support/ledger.js';
import { chatDelta, EVENT_STREAM, type RawVendor, startRawVendor } from './support/raw-vendor.js';

/** How often a request at the vendor is counted, and a stream says something. */
const TICK_MS = 50;
/** A quarter of a second of them. */
const MOST_TICKS = 5;
const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const MESSAGES = [{ role: 'user', content: 'hi' }];

/** A request that the vendor works on until it is hung up on. */
interface Work {
  ticks: number;
  isLeft: boolean;
}

/** How far the vendor gets with an answer. */
type Begin = 'nothing' | 'half of an answer' | 'a head' | 'a stream';

let vendor: RawVendor;
let gateway: TestGateway;
let works: Work[];

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway(vendor.env);
  const policies = {
    lasting: {},
    timed: { timeouts: { totalMs: 60_000, idleMs: 30_000 } },
    hedged: { hedge: true },
  };
  for (const [name, options] of Object.entries(policies)) {
    const targets = ['one', 'two'].map(model => ({ model: `openai/${name}-${model}` }));
    const at = `/admin/projects/${gateway.projectId}/routing-policies`;
    expect(await gateway.admin('POST', at, { name, targets, ...options })).toMatchObject({ status: 201 });
  }
});
beforeEach(() => {
  works = [];
});
afterAll(async () => {
  await gateway?.stop();
  await vendor.close();
});

/** From now on the vendor begins like that, and never ends. */
function workOn(begin: Begin): void {
  vendor.answer(response => {
    const work: Work = { ticks: 0, isLeft: false };
    works.push(work);
    if (begin === 'half of an answer') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id": "c-1", "choices": [');
    } else if (begin !== 'nothing') {
      response.writeHead(200, EVENT_STREAM).flushHeaders();
    }
    const timer = setInterval(() => {
      work.ticks += 1;
      if (begin === 'a stream') {
        response.write(chatDelta({ content: 'more ' }));
      }
    }, TICK_MS);
    response.once('close', () => {
      clearInterval(timer);
      work.isLeft = true;
    });
  });
}

const post = (at: string, body: object, signal: AbortSignal): Promise<Response> =>
  gateway.call(at, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });

/** The caller leaves when so many vendors' requests are under way. Resolves with how long each of them went on, in ticks. */
async function leave(ask: (signal: AbortSignal) => Promise<Response>, requests = 1): Promise<number[]> {
  const leaving = new AbortController();
  const answer = ask(leaving.signal).then(response => response.text());
  await eventually(() => expect(works.filter(({ ticks }) => ticks > 1)).toHaveLength(requests));
  const before = works.map(({ ticks }) => ticks);
  leaving.abort();
  await expect(answer).rejects.toThrow();
  await eventually(() => expect(works.map(({ isLeft }) => isLeft)).toEqual(before.map(() => true)));
  return works.map(({ ticks }, index) => ticks - (before[index] ?? 0));
}

describe('a caller that leaves', () => {
  it.each<[what: string, begin: Begin, path: string, body: object]>([
    ['a whole answer', 'nothing', '/v1/chat/completions', { model: 'openai/m', messages: MESSAGES }],
    ['half of it', 'half of an answer', '/v1/chat/completions', { model: 'openai/m', messages: MESSAGES }],
    ['a stream', 'a stream', '/v1/chat/completions', { model: 'openai/m', messages: MESSAGES, stream: true }],
    [
      'no byte of it',
      'a head',
      '/v1/chat/completions',
      { model: 'openai/m', messages: MESSAGES, stream: true },
    ],
    ['no head', 'nothing', '/v1/chat/completions', { model: 'openai/m', messages: MESSAGES, stream: true }],
    ['a policy', 'nothing', '/v1/chat/completions', { model: 'lasting', messages: MESSAGES }],
    [
      'its stream',
      'a stream',
      '/v1/chat/completions',
      { model: 'lasting', messages: MESSAGES, stream: true },
    ],
    ['one with time-outs', 'nothing', '/v1/chat/completions', { model: 'timed', messages: MESSAGES }],
    ['its stream', 'a stream', '/v1/chat/completions', { model: 'timed', messages: MESSAGES, stream: true }],
    [
      'no byte of that',
      'a head',
      '/v1/chat/completions',
      { model: 'timed', messages: MESSAGES, stream: true },
    ],
    [
      'a translated stream',
      'a stream',
      '/v1/messages',
      { model: 'openai/m', messages: MESSAGES, max_tokens: 9, stream: true },
    ],
    ['vectors', 'nothing', '/v1/embeddings', { model: 'openai/m', input: 'hi' }],
    ['pictures', 'a head', '/v1/images/generations', { model: 'openai/m', prompt: 'hi', stream: true }],
    ["a vendor's own path", 'a stream', '/openai/v1/anything', { stream: true }],
  ])(
    'is followed by the gateway before the vendor has counted to five: %s (%s)',
    async (_, begin, at, body) => {
      workOn(begin);
      const ticks = await leave(signal => post(at, body, signal));

      expect(Math.max(...ticks)).toBeLessThanOrEqual(MOST_TICKS);
    },
  );

  it('is followed from the vendor that hears what was said', async () => {
    workOn('nothing');
    const ticks = await leave(signal => {
      const body = new FormData();
      body.append('model', 'whisper-1');
      body.append('file', new File([new Uint8Array(HELLO)], 'hello.wav', { type: 'audio/wav' }));
      return gateway.call('/v1/audio/transcriptions', { method: 'POST', body, signal });
    });

    expect(Math.max(...ticks)).toBeLessThanOrEqual(MOST_TICKS);
  });

  it.each([false, true])('is followed from both of two attempts at once (stream: %s)', async stream => {
    const body = { model: 'hedged', messages: MESSAGES, stream };
    const choices = [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }];
    vendor.answer(response =>
      stream
        ? response.writeHead(200, EVENT_STREAM).end(`${chatDelta({ content: 'hi' }, 'stop')}data: [DONE]\n\n`)
        : response.end(JSON.stringify({ id: 'c-1', object: 'chat.completion', model: 'm', choices })),
    );
    for (let call = 0; call < 40; call++) {
      const response = await post('/v1/chat/completions', body, AbortSignal.timeout(60_000));
      await response.text();
      expect(response.status).toBe(200);
    }
    for (let call = 0; call < 20; call++) {
      gateway.app.get(HedgeBudget).deposit(gateway.projectId, 'hedged'); // what those calls may have spent
    }
    workOn('nothing');
    const ticks = await leave(signal => post('/v1/chat/completions', body, signal), 2);

    expect(Math.max(...ticks)).toBeLessThanOrEqual(MOST_TICKS);
  });

  it('is not waited for between two attempts', async () => {
    const leaving = new AbortController();
    let sent = 0;
    vendor.answer(response => {
      sent += 1;
      response.writeHead(503, { 'retry-after': '9' }).end('{}');
    });
    const asked = `openai/waited-for`;
    const answer = post(
      '/v1/chat/completions',
      { model: asked, models: ['openai/waited-for-too'], messages: MESSAGES },
      leaving.signal,
    );
    await eventually(() => expect(sent).toBe(2));
    leaving.abort();
    await expect(answer).rejects.toThrow();

    // The pause would last for nine seconds, and this waits for eight.
    await eventually(async () =>
      expect(await recordsOf(gateway, asked)).toMatchObject([{ outcome: 'aborted', status: 499 }]),
    );
    expect(sent).toBe(2);
  });
});

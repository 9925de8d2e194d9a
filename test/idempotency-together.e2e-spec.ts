import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { recordIdOf } from '@app/idempotency';
import { RunningCalls } from '../libs/idempotency/src/domain/running-calls.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { isReplayed, newKey, ORIGINAL_ID, tell, type Told } from './support/idempotency-keys.js';
import { EVENT_STREAM, type RawVendor, startRawVendor, vendorEvents } from './support/raw-vendor.js';
import { contentOf } from './support/streamed.js';
import { usageOf } from './support/usage.js';

const ASKED = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] };
const STREAMED = { ...ASKED, stream: true };
const CHAT = '/v1/chat/completions';
const ANSWER = JSON.stringify({
  id: 'c-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Tea.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
});

let vendor: RawVendor;
let gateway: TestGateway;
/** Requests that reached the vendor since the last test, and streams of it that were hung up on. */
let asked: number;
let hungUp: number;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway(vendor.env);
});
beforeEach(() => {
  asked = 0;
  hungUp = 0;
  vendor.onRequest(() => {
    asked += 1;
  });
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

/** The vendor answers when it is told to. */
function held(body: string): { readonly go: () => void } {
  const gate = Promise.withResolvers<void>();
  vendor.answer(async response => {
    await gate.promise;
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  return { go: () => gate.resolve() };
}

/** The vendor says one event of a stream each time it is told to; the last is its ending. */
function dripping(texts: readonly string[]): { readonly next: () => void; readonly rest: () => void } {
  const events = vendorEvents('openai', texts);
  let say: ((event: string) => void) | null = null;
  let end: (() => void) | null = null;
  vendor.answer(response => {
    response.writeHead(200, EVENT_STREAM);
    response.once('close', () => (hungUp += Number(!response.writableFinished)));
    say = event => response.write(event);
    end = () => response.end();
  });
  const next = (): void => say?.(events.shift() ?? '');
  return {
    next,
    rest: () => {
      while (events.length > 0) {
        next();
      }
      end?.();
    },
  };
}

interface Caller {
  readonly answer: Promise<IncomingMessage>;
  readonly text: () => string;
  leave(): void;
}

/** A caller who may leave, and tells what has come so far. */
function join(body: unknown, headers: Readonly<Record<string, string>>): Caller {
  const sent = httpRequest(`${gateway.url}${CHAT}`, {
    method: 'POST',
    agent: false,
    headers: {
      ...headers,
      authorization: `Bearer ${gateway.projectKey}`,
      'content-type': 'application/json',
    },
  });
  let text = '';
  const answer = once(sent, 'response').then(([response]) => {
    (response as IncomingMessage).setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return response as IncomingMessage;
  });
  answer.catch(() => undefined);
  sent.on('error', () => undefined);
  sent.end(JSON.stringify(body));
  return { answer, text: () => text, leave: () => sent.destroy() };
}

const untilAsked = (count = 1): Promise<void> => eventually(() => expect(asked).toBe(count));

/** Waits until so many callers of the key read its answer. */
async function untilReading(headers: Readonly<Record<string, string>>, count: number): Promise<void> {
  const id = recordIdOf(gateway.projectId, headers['Idempotency-Key'] ?? '');
  const { recording } = gateway.app.get(RunningCalls).get(id) ?? {};
  await eventually(() => expect(recording?.audience).toBe(count));
}

describe('calls of one key at the same time', () => {
  it('are one call of a vendor: twenty get the same bytes, and one of them pays', async () => {
    const gate = held(ANSWER);
    const { headers } = newKey();
    const callers = Array.from({ length: 20 }, () => tell(gateway, CHAT, ASKED, headers));
    await untilAsked();
    await untilReading(headers, 20);
    gate.go();
    const told = await Promise.all(callers);

    expect(asked).toBe(1);
    expect(new Set(told.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    const [first, ...others] = told.toSorted((a, b) => Number(isReplayed(a)) - Number(isReplayed(b)));
    expect(others.every(isReplayed)).toBe(true);
    const id = first?.headers.get('x-request-id') ?? '';
    expect(new Set(others.map(({ headers: given }) => given.get(ORIGINAL_ID)))).toEqual(new Set([id]));
    expect(new Set(told.map(({ headers: given }) => given.get('x-request-id'))).size).toBe(20);
    const records = await Promise.all(told.map(one => usageOf(gateway, one.headers.get('x-request-id'))));
    expect(records.filter(({ cached }) => !cached)).toMatchObject([{ id, attempts: 1, inputTokens: 7 }]);
    expect(records.filter(({ costNanoUsd }) => costNanoUsd === 0)).toHaveLength(19);
  });

  it('share a stream from its beginning, and follow it live', async () => {
    const stream = dripping(['one ', 'two ', 'three']);
    const { headers } = newKey();
    const first = join(STREAMED, headers);
    await untilAsked();
    stream.next();
    stream.next();
    await eventually(() => expect(contentOf(first.text())).toBe('one '));
    const second = join(STREAMED, headers);
    await eventually(() => expect(contentOf(second.text())).toBe('one '));
    stream.next();
    await eventually(() => expect(contentOf(second.text())).toBe('one two '));
    stream.rest();
    await Promise.all([first, second].map(async ({ answer }) => once(await answer, 'end')));

    expect(second.text()).toBe(first.text());
    expect(second.text()).toContain('data: [DONE]');
    const third = await tell(gateway, CHAT, STREAMED, headers);
    expect(third.body).toBe(first.text());
    expect(asked).toBe(1);
  });

  it('go on when the first caller leaves and another one waits', async () => {
    const stream = dripping(['one ', 'two']);
    const { headers } = newKey();
    const first = join(STREAMED, headers);
    await untilAsked();
    stream.next();
    stream.next();
    const { headers: head } = await first.answer;
    const second = join(STREAMED, headers);
    const answer = await second.answer;
    await untilReading(headers, 2);
    first.leave();
    await untilReading(headers, 1);
    stream.rest();
    await once(answer, 'end');

    expect(contentOf(second.text())).toBe('one two');
    expect([asked, hungUp]).toEqual([1, 0]);
    const record = await usageOf(gateway, String(head['x-request-id']));
    expect(record).toMatchObject({ outcome: 'completed', inputTokens: 7, outputTokens: 3 });
  });

  it('stop the vendor when all callers have left, and the next one asks anew', async () => {
    dripping(['one ', 'two']).next();
    const { headers } = newKey();
    const callers = [join(STREAMED, headers), join(STREAMED, headers)];
    await untilAsked();
    await untilReading(headers, 2);
    callers.forEach(({ leave }) => leave());
    await eventually(() => expect(hungUp).toBe(1));

    vendor.answer(response =>
      response.writeHead(200, EVENT_STREAM).end(vendorEvents('openai', ['Tea']).join('')),
    );
    const next = await tell(gateway, CHAT, STREAMED, headers);
    expect(contentOf(next.body)).toBe('Tea');
    expect(isReplayed(next)).toBe(false);
    expect(asked).toBe(2);
  });

  it('hear the same failure, and the next one asks anew', async () => {
    const gate = Promise.withResolvers<void>();
    vendor.answer(async response => {
      await gate.promise;
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"Busy"}}');
    });
    const { headers } = newKey();
    const callers = [1, 2, 3].map(() => tell(gateway, CHAT, ASKED, headers));
    await untilAsked();
    await untilReading(headers, 3);
    gate.resolve();
    const told = await Promise.all(callers);
    expect(told.map(({ status }: Told) => status)).toEqual([503, 503, 503]);
    expect(asked).toBe(1);

    held(ANSWER).go();
    const next = await tell(gateway, CHAT, ASKED, headers);
    expect([next.status, isReplayed(next), asked]).toEqual([200, false, 2]);
  });

  it.each<[string, (events: string[]) => string[], boolean]>([
    [
      'broken off by an error event',
      events => [...events.slice(0, 2), 'data: {"error":{"message":"No"}}\n\n'],
      false,
    ],
    ['without its ending', events => events.slice(0, 2), false],
    ['whole', events => events, true],
  ])('find a stream %s as it is', async (_, cut, isKept) => {
    const events = cut(vendorEvents('openai', ['one ', 'two']));
    vendor.answer(response => response.writeHead(200, EVENT_STREAM).end(events.join('')));
    const { headers } = newKey();
    const first = await tell(gateway, CHAT, STREAMED, headers);
    const second = await tell(gateway, CHAT, STREAMED, headers);

    expect(first.status).toBe(200);
    expect(isReplayed(second)).toBe(isKept);
    expect(asked).toBe(isKept ? 1 : 2);
  });

  it('with another body are refused at once', async () => {
    const gate = held(ANSWER);
    const { headers } = newKey();
    const first = tell(gateway, CHAT, ASKED, headers);
    await untilAsked();
    const second = await tell(gateway, CHAT, STREAMED, headers);
    gate.go();

    expect(second.status).toBe(409);
    expect(JSON.parse(second.body)).toMatchObject({ error: { code: 'idempotency_key_reused' } });
    await expect(first).resolves.toMatchObject({ status: 200 });
  });
});

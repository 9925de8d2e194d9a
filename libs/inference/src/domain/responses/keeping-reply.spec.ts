import type { Loss } from '@app/dialects';
import type { CallerReply } from '../caller-reply.js';
import type { Response } from './answer-keeper.js';
import { KeepingReply } from './keeping-reply.js';

const LOST: Loss = { field: 'store', action: 'dropped', detail: 'The store is full.' };
const DELTA =
  'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"Hi"}\n\n';
const LAST =
  'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","store":true}}\n\n';
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** What reached the caller, in order. */
class Told implements CallerReply {
  readonly headersSent = false;
  readonly destroyed = false;
  readonly pieces: unknown[] = [];

  writeHead(status: number, headers: object): void {
    this.pieces.push([status, headers]);
  }

  write(chunk: Buffer | string): boolean {
    this.pieces.push(chunk.toString());
    return true;
  }

  end(chunk?: Buffer | string): void {
    this.pieces.push(chunk?.toString() ?? 'END');
  }

  once(): void {}
}

/** A store that answers when it is told to. */
class Store {
  readonly kept: Response[] = [];
  private readonly answered = Promise.withResolvers<readonly Loss[]>();

  keep = (response: Response): Promise<readonly Loss[]> => {
    this.kept.push(response);
    return this.answered.promise;
  };

  answer(...losses: Loss[]): void {
    this.answered.resolve(losses);
  }
}

describe('KeepingReply', () => {
  let told: Told;
  let store: Store;
  let reply: KeepingReply;

  beforeEach(() => {
    told = new Told();
    store = new Store();
    reply = new KeepingReply(told, store.keep);
  });

  it('holds the end of a stream, and what comes behind it, until it is kept', async () => {
    reply.writeHead(200, STREAM);
    reply.write(DELTA);
    reply.write(Buffer.from(DELTA + LAST + ': after\n\n'));
    reply.write(': ping\n\n');
    reply.end();
    expect(told.pieces).toEqual([[200, STREAM], DELTA, DELTA]);
    expect(store.kept).toEqual([{ id: 'resp_1', store: true }]);

    store.answer();
    await reply.settled;
    expect(told.pieces.slice(3)).toEqual([LAST, ': after\n\n', ': ping\n\n', 'END']);
  });

  it('lets what is written after that pass', async () => {
    reply.writeHead(200, STREAM);
    reply.write(LAST);
    store.answer();
    await reply.settled;
    reply.write('later');
    reply.end('last');

    expect(told.pieces.slice(1)).toEqual([LAST, 'later', 'last', 'END']);
  });

  it('keeps nothing of a stream without an end, nor for words that look like one', () => {
    const quoted = `data: ${JSON.stringify({ delta: '"type":"response.completed"' })}\n\n`;
    reply.writeHead(200, STREAM);
    reply.write(quoted);
    reply.end('event: error\ndata: {"type":"error"}\n\n');

    expect(store.kept).toEqual([]);
    expect(told.pieces.slice(1)).toEqual([quoted, 'event: error\ndata: {"type":"error"}\n\n', 'END']);
  });

  it('does not take for the end what repeats the words of its request', async () => {
    const metadata = { type: 'response.completed' };
    const first = `data: ${JSON.stringify({ type: 'response.created', response: { id: 'resp_1', metadata } })}\n\n`;
    const last = LAST.replace('"store":true', `"metadata":${JSON.stringify(metadata)},"store":true`);
    reply.writeHead(200, STREAM);
    reply.write(first + DELTA);
    reply.end(first + last);
    expect(told.pieces.slice(1)).toEqual([first + DELTA, first]);
    expect(store.kept).toEqual([{ id: 'resp_1', metadata, store: true }]);

    store.answer();
    await reply.settled;
    expect(told.pieces.slice(3)).toEqual([last, 'END']);
  });

  it('says in the last event of a stream what could not be kept', async () => {
    reply.writeHead(200, STREAM);
    reply.end(LAST.replace('"store":true', '"store":true,"x_llmhub":{"provider":"groq","warnings":[]}'));
    store.answer(LOST);
    await reply.settled;
    const response = { id: 'resp_1', store: false, x_llmhub: { provider: 'groq', warnings: [LOST] } };

    expect(told.pieces.slice(1)).toEqual([
      `event: response.completed\ndata: ${JSON.stringify({ type: 'response.completed', response })}\n\n`,
      'END',
    ]);
  });

  it('holds the head of a whole answer, which says what could not be kept', async () => {
    const headers = { 'content-type': 'application/json', 'x-llmhub-warnings': 'dropped=seed' };
    reply.writeHead(200, headers);
    reply.end(Buffer.from('{"id":"resp_1","store":true,"big":18446744073709551615}'));
    expect(told.pieces).toEqual([]);
    expect(reply.headersSent).toBe(true);

    store.answer(LOST);
    await reply.settled;
    const body = '{"id":"resp_1","store":false,"big":18446744073709551615}';
    expect(told.pieces).toEqual([
      [
        200,
        { ...headers, 'x-llmhub-warnings': 'dropped=seed; dropped=store', 'content-length': body.length },
      ],
      body,
    ]);
  });

  it('gives a whole answer as it is when it was kept, or is none', async () => {
    for (const body of ['{ "id": "resp_1" }', 'no JSON']) {
      const each = new Told();
      const keeping = new KeepingReply(each, store.keep);
      keeping.writeHead(200, { 'content-type': 'application/json' });
      keeping.end(body);
      store.answer();
      await keeping.settled;

      expect(each.pieces.at(-1)).toBe(body);
    }
    expect(store.kept).toEqual([{ id: 'resp_1' }]);
  });
});

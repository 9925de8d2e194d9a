import { ReplayedResponse } from './replayed.response.js';
import type { BodySink } from './vendor.response.js';

const EARLIER = { contentType: 'text/event-stream', body: Buffer.from('onetwothree'), pieces: [3, 3, 5] };

/** Takes so many pieces before it asks for a break. */
class Reader implements BodySink {
  readonly heard: string[] = [];

  constructor(private readonly atOnce = Infinity) {}

  data(chunk: Buffer): boolean {
    this.heard.push(chunk.toString());
    return this.heard.length % this.atOnce !== 0;
  }

  end(): void {
    this.heard.push('end');
  }

  fail(error: Error): void {
    this.heard.push(error.message);
  }
}

describe('an answer that comes once more', () => {
  it('has its head, and comes in the pieces that it came in', () => {
    const response = new ReplayedResponse(EARLIER, new AbortController().signal);
    const reader = new Reader();
    response.pipe(reader);

    expect(response.status).toBe(200);
    expect(response.header('content-type')).toBe('text/event-stream');
    expect(reader.heard).toEqual(['one', 'two', 'three', 'end']);
  });

  it('tells which piece is the last', () => {
    const last: boolean[] = [];
    const reader = {
      data: (_chunk: Buffer, isLast: boolean) => last.push(isLast) > 0,
      end: () => undefined,
      fail: () => undefined,
    };
    new ReplayedResponse(EARLIER, new AbortController().signal).pipe(reader);

    expect(last).toEqual([false, false, true]);
  });

  it('is collected as a whole', async () => {
    const response = new ReplayedResponse(EARLIER, new AbortController().signal);

    await expect(response.collect('openai', 100)).resolves.toEqual(EARLIER.body);
  });

  it('waits for a reader that is slow', () => {
    const response = new ReplayedResponse(EARLIER, new AbortController().signal);
    const reader = new Reader(1);
    response.pipe(reader);
    expect(reader.heard).toEqual(['one']);
    response.resume();
    expect(reader.heard).toEqual(['one', 'two']);
    response.resume();
    response.resume();

    expect(reader.heard).toEqual(['one', 'two', 'three', 'end']);
  });

  it('says nothing more to whoever hung up', () => {
    const response = new ReplayedResponse(EARLIER, new AbortController().signal);
    const reader = new Reader(2);
    response.pipe(reader);
    response.abort();
    response.resume();

    expect(reader.heard).toEqual(['one', 'two']);
  });

  it('breaks off when its caller leaves while it waits', () => {
    const leaving = new AbortController();
    const reader = new Reader(1);
    new ReplayedResponse(EARLIER, leaving.signal).pipe(reader);
    leaving.abort();

    expect(reader.heard).toEqual(['one', 'The caller left.']);
  });

  it('does not begin when its caller has left', () => {
    const reader = new Reader();
    new ReplayedResponse(EARLIER, AbortSignal.abort()).pipe(reader);

    expect(reader.heard).toEqual(['The caller left.']);
  });
});

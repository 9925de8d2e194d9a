import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../../../test/support/eventually.js';
import { ReplayedResponse } from './replayed.response.js';
import { Tape } from './tape.js';
import type { BodySink } from './vendor.response.js';

const TYPE = 'text/event-stream';
const BODY = Buffer.from('onetwothree');

/** What came before. */
function earlier(signal = new AbortController().signal, pauseMs: number | null = null): ReplayedResponse {
  return new ReplayedResponse(TYPE, Tape.of(BODY, [3, 3, 5]), signal, pauseMs);
}

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

function timers(): number {
  return process.getActiveResourcesInfo().filter(resource => resource === 'Timeout').length;
}

describe('an answer that comes once more', () => {
  it('has its head, and comes in the pieces that it came in', () => {
    const response = earlier();
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
    earlier().pipe(reader);

    expect(last).toEqual([false, false, true]);
  });

  it('is collected as a whole', async () => {
    const response = earlier();

    await expect(response.collect('openai', 100)).resolves.toEqual(BODY);
  });

  it('comes piece by piece where it is to have a pace, and not before its reader is ready', async () => {
    const reader = new Reader(2);
    const response = earlier(undefined, 1);
    response.pipe(reader);
    expect(reader.heard).toEqual(['one']);
    response.resume();
    expect(reader.heard).toEqual(['one']);
    await eventually(() => expect(reader.heard).toEqual(['one', 'two']));
    await delay(5);
    expect(reader.heard).toEqual(['one', 'two']);
    response.resume();

    expect(reader.heard).toEqual(['one', 'two', 'three', 'end']);
  });

  it.each([
    ['the caller leaves', ['one', 'The caller left.']],
    ['nobody wants it', ['one']],
  ])('leaves no timer behind when %s between two pieces', (how, heard) => {
    const [leaving, reader, before] = [new AbortController(), new Reader(), timers()];
    const response = earlier(leaving.signal, 60_000);
    response.pipe(reader);
    expect(timers()).toBe(before + 1);
    if (how === 'the caller leaves') {
      leaving.abort();
    } else {
      response.abort();
    }

    expect(timers()).toBe(before);
    expect(reader.heard).toEqual(heard);
  });

  it('waits for a reader that is slow', () => {
    const response = earlier();
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
    const response = earlier();
    const reader = new Reader(2);
    response.pipe(reader);
    response.abort();
    response.resume();

    expect(reader.heard).toEqual(['one', 'two']);
  });

  it('breaks off when its caller leaves while it waits', () => {
    const leaving = new AbortController();
    const reader = new Reader(1);
    earlier(leaving.signal).pipe(reader);
    leaving.abort();

    expect(reader.heard).toEqual(['one', 'The caller left.']);
  });

  it('does not begin when its caller has left', () => {
    const reader = new Reader();
    earlier(AbortSignal.abort()).pipe(reader);

    expect(reader.heard).toEqual(['The caller left.']);
  });
});

describe('an answer that others get while it comes', () => {
  it('comes to each at its own pace, from its beginning', async () => {
    const tape = new Tape(3);
    const [quick, slow, late] = [new Reader(), new Reader(1), new Reader()];
    const { signal } = new AbortController();
    const slowly = new ReplayedResponse(TYPE, tape, signal);
    new ReplayedResponse(TYPE, tape, signal).pipe(quick);
    slowly.pipe(slow);
    tape.push(Buffer.from('one'));
    tape.push(Buffer.from('two'));
    await setImmediate();
    expect([quick.heard, slow.heard]).toEqual([['one', 'two'], ['one']]);
    new ReplayedResponse(TYPE, tape, signal).pipe(late);
    tape.close('ended');
    await setImmediate();
    expect([quick.heard, late.heard]).toEqual([
      ['one', 'two', 'end'],
      ['one', 'two', 'end'],
    ]);
    slowly.resume();
    slowly.resume();

    expect(slow.heard).toEqual(['one', 'two', 'end']);
  });

  it('breaks off for all when it breaks off', async () => {
    const tape = new Tape();
    const reader = new Reader();
    new ReplayedResponse(TYPE, tape, new AbortController().signal).pipe(reader);
    tape.push(Buffer.from('one'));
    tape.close(new Error('broken'));
    tape.close('ended');
    await setImmediate();

    expect(reader.heard).toEqual(['one', 'broken']);
  });

  it('is forgotten when it gets too large and nobody reads', () => {
    const tape = new Tape(5);
    tape.push(Buffer.from('one'));
    expect([tape.isLost, tape.pieces.length]).toEqual([false, 1]);
    tape.push(Buffer.from('two'));

    expect([tape.isLost, tape.pieces.length, tape.size]).toEqual([true, 0, 6]);
  });
});

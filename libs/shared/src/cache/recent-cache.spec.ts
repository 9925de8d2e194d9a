import { EventEmitter, once } from 'node:events';
import { TestClock } from '../../../../test/support/test-clock.js';
import { RecentCache } from './recent-cache.js';

interface Thing {
  readonly version: number;
}

/** A source that counts its questions and answers when told. */
class Source {
  asked = 0;
  answer: Thing | null = { version: 1 };
  failure: Error | null = null;

  readonly ask = async (): Promise<Thing | null> => {
    this.asked += 1;
    const { answer, failure } = this;
    await Promise.resolve();
    if (failure) {
      throw failure;
    }
    return answer;
  };
}

describe('RecentCache', () => {
  let clock: TestClock;
  let cache: RecentCache<Thing>;
  let source: Source;

  beforeEach(() => {
    clock = new TestClock();
    cache = new RecentCache(clock, { freshMs: 1000, staleMs: 10_000, limit: 3 });
    source = new Source();
  });

  it('asks once while the answer is fresh, then again', async () => {
    await cache.get('a', source.ask);
    clock.advance(499);
    source.answer = { version: 2 };

    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 1 });
    expect(cache.peek('a')).toEqual({ version: 1 });
    expect(source.asked).toBe(1);

    clock.advance(501);
    expect(cache.peek('a')).toBeUndefined();
    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 2 });
    expect(source.asked).toBe(2);
  });

  it('tells the source what it answered last', async () => {
    const told: unknown[] = [];
    const ask = (known: Thing | undefined): Promise<Thing | null> => {
      told.push(known);
      return source.ask();
    };
    await cache.get('a', ask);
    clock.advance(1000);
    await cache.get('a', ask);
    cache.forget('a');
    await cache.get('a', ask);

    expect(told).toEqual([undefined, { version: 1 }, undefined]);
  });

  it('renews in the background what is asked for in the second half of its time', async () => {
    await cache.get('a', source.ask);
    clock.advance(500);
    source.answer = { version: 2 };

    expect(cache.peek('a')).toBeUndefined();
    const [one, other] = [cache.get('a', source.ask), cache.get('a', source.ask)];
    expect(cache.peek('a')).toEqual({ version: 1 });
    await expect(Promise.all([one, other])).resolves.toEqual([{ version: 1 }, { version: 1 }]);
    expect(source.asked).toBe(2);
    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 2 });
  });

  it('lets nobody wait while a source that froze runs into its time-out, and serves nothing that is too old', async () => {
    await cache.get('a', source.ask);
    const server = new EventEmitter();
    const frozen = async (): Promise<Thing> => (await once(server, 'answer'))[0];
    clock.advance(500);
    await expect(cache.get('a', frozen)).resolves.toEqual({ version: 1 });
    clock.advance(499);
    expect(cache.peek('a')).toEqual({ version: 1 });
    clock.advance(1);
    expect(cache.peek('a')).toBeUndefined();

    const joined = cache.get('a', frozen);
    server.emit('error', new Error('too late'));
    await expect(joined).resolves.toEqual({ version: 1 });
    expect(cache.peek('a')).toEqual({ version: 1 });
  });

  it('asks once for everybody who asks at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => cache.get('a', source.ask)));

    expect(answers).toEqual([{ version: 1 }, { version: 1 }, { version: 1 }]);
    expect(source.asked).toBe(1);
  });

  it('counts age from the question, and joins no question older than a fresh answer', async () => {
    const late = new EventEmitter();
    const first = cache.get('a', async () => (await once(late, 'answer'))[0]);
    clock.advance(1000);
    source.answer = { version: 2 };
    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 2 });

    late.emit('answer', { version: 1 });
    await expect(first).resolves.toEqual({ version: 1 });
    expect(cache.peek('a')).toEqual({ version: 2 });
  });

  it('serves what it knew while the source fails, but not for ever', async () => {
    await cache.get('a', source.ask);
    source.failure = new Error('down');
    clock.advance(9999);

    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 1 });

    clock.advance(1);
    await expect(cache.get('a', source.ask)).rejects.toThrow('down');
  });

  it('tells what it remembers without asking: what was there, fresh or not, until it is stale', async () => {
    expect(cache.remembers('k')).toBe(false);
    await cache.get('k', source.ask);
    source.answer = null;
    await cache.get('none', source.ask);
    clock.advance(9999);
    expect([cache.remembers('k'), cache.remembers('none')]).toEqual([true, false]);
    clock.advance(1);
    expect(cache.remembers('k')).toBe(false);
  });

  it('lets a failing source rest for as long as an answer is fresh', async () => {
    await cache.get('a', source.ask);
    source.failure = new Error('down');
    clock.advance(1000);
    await cache.get('a', source.ask);
    await cache.get('a', source.ask);
    expect(source.asked).toBe(2);

    source.failure = null;
    source.answer = { version: 2 };
    clock.advance(1000);
    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 2 });
  });

  it('remembers that there is none, but does not say so when the source fails', async () => {
    source.answer = null;
    await expect(cache.get('a', source.ask)).resolves.toBeNull();
    await expect(cache.get('a', source.ask)).resolves.toBeNull();
    expect(source.asked).toBe(1);

    source.failure = new Error('down');
    clock.advance(1000);
    await expect(cache.get('a', source.ask)).rejects.toThrow('down');
  });

  it('forgets a value that is gone from the source', async () => {
    await cache.get('a', source.ask);
    source.answer = null;
    clock.advance(1000);
    await expect(cache.get('a', source.ask)).resolves.toBeNull();

    source.failure = new Error('down');
    clock.advance(1000);
    await expect(cache.get('a', source.ask)).rejects.toThrow('down');
  });

  it('does not remember an answer that was asked for before it was told to forget', async () => {
    const old = cache.get('a', source.ask);
    cache.forget('a');
    source.answer = { version: 2 };

    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 2 });
    await expect(old).resolves.toEqual({ version: 1 });
    expect(cache.peek('a')).toEqual({ version: 2 });
  });

  it('drops the longest unused value', async () => {
    for (const key of ['a', 'b', 'c']) {
      await cache.get(key, source.ask);
    }
    clock.advance(1000);
    await cache.get('a', source.ask);
    await cache.get('d', source.ask);
    source.failure = new Error('down');
    clock.advance(1000);

    await expect(cache.get('a', source.ask)).resolves.toEqual({ version: 1 });
    await expect(cache.get('b', source.ask)).rejects.toThrow('down');
    expect(cache.size).toBe(3);
  });

  it('is bounded under a flood of absences, which pushes no value out', async () => {
    await cache.get('a', source.ask);
    source.answer = null;
    for (let i = 0; i < 100; i += 1) {
      await cache.get(`unknown-${i}`, source.ask);
    }

    expect(cache.size).toBe(4);
    expect(cache.peek('a')).toEqual({ version: 1 });
  });

  it('keeps its bound when a value at the limit is renewed', async () => {
    for (const key of ['a', 'b', 'c', 'a', 'b', 'c']) {
      await cache.get(key, source.ask);
      clock.advance(1000);
    }

    expect(cache.size).toBe(3);
  });
});

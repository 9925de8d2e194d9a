import { getEventListeners } from 'node:events';
import { UnsupportedFieldsError } from '@app/dialects';
import { StoreUnavailableError, UpstreamTimeoutError } from '@app/shared';
import { A, B, C, failing, hangs, type Step, Travels } from '../../../../../test/support/scripted-errand.js';
import { NoTargetLeftError } from './failed-attempts.js';

const UNSUPPORTED = new UnsupportedFieldsError(
  [{ action: 'dropped', field: 'tools', detail: 'It has none.' }],
  'x',
);

let travels: Travels;

beforeEach(() => {
  travels = new Travels();
});

/** Nothing is under way any more, and no probe is waited for. */
const expectAtRest = (): void => {
  for (const facts of travels.health.all()) {
    expect([facts.id, facts.open]).toEqual([facts.id, 0]);
  }
  for (const { id, breaker } of travels.health.allBreakers()) {
    const pass = breaker.opensFor() === 0 ? breaker.tryPass() : null;
    expect([id, pass === null]).toEqual([id, breaker.opensFor() > 0]);
    pass?.neutral();
  }
};

afterEach(expectAtRest);

describe('a call on its way', () => {
  it('is answered by the first target', async () => {
    const { error, errand, attempts } = await travels.go({ [A]: [], [B]: [] });

    expect(error).toBeNull();
    expect(errand.answered).toEqual([A]);
    expect(attempts).toEqual([
      {
        target: A,
        key: null,
        startedMs: expect.any(Number),
        ms: expect.any(Number),
        status: 200,
        error: null,
      },
    ]);
  });

  it.each<[string, Step]>([
    ['500', 500],
    ['404', 404],
    ['429', failing(429, { retryAfterMs: 60_000 })],
    ['no answer', failing(null)],
    ['an unsupported field', UNSUPPORTED],
  ])('goes on to the next after %s', async (_, step) => {
    const { error, errand } = await travels.go({ [A]: [step], [B]: [] });

    expect(error).toBeNull();
    expect(errand.sent).toEqual([A, B]);
  });

  it.each([400, 413, 422])('ends with %d: the request itself is wrong', async status => {
    const { error, errand } = await travels.go({ [A]: [status], [B]: [] });

    expect(error).toMatchObject({ upstreamStatus: status });
    expect(errand.sent).toEqual([A]);
  });

  it('ends where something has reached the caller', async () => {
    let sent = false;
    const cut = (): Promise<never> => {
      sent = true;
      return Promise.reject(failing(null));
    };
    const { error, errand } = await travels.go({ [A]: [cut], [B]: [] }, { committed: () => sent });

    expect(error).toMatchObject({ upstreamStatus: null });
    expect(errand.sent).toEqual([A]);
  });

  it('asks no more often than it may', async () => {
    const { error, errand } = await travels.go({ [A]: [500], [B]: [500], [C]: [] }, { maxAttempts: 2 });

    expect(error).toBeInstanceOf(NoTargetLeftError);
    expect(error).toMatchObject({
      status: 503,
      metadata: {
        attempts: [
          { target: A, status: 500 },
          { target: B, status: 500 },
        ],
      },
    });
    expect(errand.sent).toEqual([A, B]);
  });

  it('comes again to those that may be better by then, not to the others', async () => {
    const { error, errand } = await travels.go({ [A]: [404], [B]: [500, 200] });

    expect(error).toBeNull();
    expect(errand.sent).toEqual([A, B, B]);
  });

  it('tells the error as it is when there was one attempt', async () => {
    expect((await travels.go({ [A]: [500] }, { maxAttempts: 1 })).error).toMatchObject({
      upstreamStatus: 500,
    });
  });

  it('lists the attempts also when all were of one target', async () => {
    const { error, attempts } = await travels.go({ [A]: [500, 502] }, { maxAttempts: 2 });

    expect(error).toMatchObject({ status: 503, code: 'no_target_left', metadata: { attempts } });
    expect(attempts.map(({ status }) => status)).toEqual([500, 502]);
  });

  it('is told that its answer broke off, when nobody could go on with it', async () => {
    const { error } = await travels.go({ [A]: [failing(null)], [B]: [500] }, { resuming: true });

    expect((error as NoTargetLeftError).message).toContain(
      "The answer of 'fast' broke off, and nobody could go on with it: openai/a: no answer",
    );
  });

  it('is told of limits when nothing else was in the way', async () => {
    const limited = failing(429, { retryAfterMs: 60_000 });
    const { error } = await travels.go({ [A]: [limited], [B]: [limited] });

    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect((error as NoTargetLeftError).retryAfterMs).toBeGreaterThan(59_000);
  });

  it('is told what no target can do, rather than to try again later', async () => {
    const { error } = await travels.go({ [A]: [UNSUPPORTED], [B]: [UNSUPPORTED] });

    expect(error).toBe(UNSUPPORTED);
  });

  it('stops with the gateway, and with the store', async () => {
    const down = new StoreUnavailableError();
    const { error, errand } = await travels.go({ [A]: [down], [B]: [] });

    expect(error).toBe(down);
    expect(errand.sent).toEqual([A]);
  });
});

it('a call that one target refused, while the other takes no calls, is told of all attempts', async () => {
  await travels.go({ [A]: Array<number>(5).fill(500) }, { maxAttempts: 5 });
  const { error, errand } = await travels.go({ [A]: [], [B]: [402] });

  expect(errand.sent).toEqual([B]);
  expect(error).toMatchObject({
    status: 503,
    code: 'no_target_left',
    metadata: { attempts: [{ target: B, status: 402 }] },
  });
});

describe('the time of a call', () => {
  it('does not count against those who are asked when it is over', async () => {
    const { error, errand } = await travels.go({ [A]: [hangs], [B]: [hangs], [C]: [] }, { totalMs: 20 });

    expect(error).toBeInstanceOf(UpstreamTimeoutError);
    expect(errand.sent).toEqual([A]);
    expect(errand.spentAt).toEqual([A]);
  });

  it('may be billed by whoever is hung up on for the gateway’s own limit', async () => {
    const { errand } = await travels.go({ [A]: [new UpstreamTimeoutError('openai', 5)] }, { plain: true });
    expect(errand.spentAt).toEqual([A]);
    const refused = await travels.go({ [A]: [500] }, { plain: true });
    expect(refused.errand.spentAt).toEqual([]);
  });

  it('is limited for each attempt, and who was late may bill it', async () => {
    travels.health.of(A).answered({ ttftMs: 2, size: 4 });
    const { error, errand } = await travels.go({ [A]: [hangs], [B]: [] }, { attemptMs: 20 });

    expect(error).toBeNull();
    expect(errand.abandonedAt).toEqual([A]);
    expect(errand.spentAt).toEqual([]);
    expect(travels.health.of(A).failures).toBe(1);
  });

  it('says nothing of a target of which nobody knows how long it takes', async () => {
    await travels.go({ [A]: [hangs], [B]: [] }, { attemptMs: 5 });

    expect(travels.health.of(A).failures).toBe(0);
  });

  it('says nothing of a target that nobody waits for as long as it usually takes', async () => {
    travels.health.of(A).answered({ ttftMs: 5000, size: 4 });
    await travels.go({ [A]: [hangs], [B]: [] }, { attemptMs: 5 });

    expect(travels.health.of(A).failures).toBe(0);
  });

  it('is not spent on a target that asked for more of it', async () => {
    const later = failing(503, { retryAfterMs: 60_000 });
    const { error, errand } = await travels.go({ [A]: [later], [B]: [500, 500] }, { maxAttempts: 4 });

    expect(error).toBeNull();
    expect(errand.sent).toEqual([A, B, B, B]);
  });

  it('is not waited for without end while another call probes the only target', async () => {
    const breaker = travels.health.breaker(A, null);
    for (let n = 0; n < 5; n += 1) {
      breaker.tryPass()?.failed(500);
    }
    const { error, errand } = await travels.go({ [A]: [] });

    expect(error).toMatchObject({ code: 'no_target_left' });
    expect(errand.sent).toEqual([]);
  });
});

describe('a caller that leaves', () => {
  it('ends the pause between two rounds', async () => {
    const leaving = new AbortController();
    const left = new Error('left');
    const going = travels.go(
      { [A]: [failing(503, { retryAfterMs: 9000 })] },
      { signal: leaving.signal, maxAttempts: 2 },
    );
    setImmediate(() => leaving.abort(left));
    const { error, errand } = await going;

    expect(error).toBe(left);
    expect(errand.sent).toEqual([A]);
  });

  it('hangs up on the vendor, which is not to blame', async () => {
    const leaving = new AbortController();
    const going = travels.go({ [A]: [hangs], [B]: [] }, { signal: leaving.signal });
    setImmediate(() => leaving.abort(new Error('left')));
    const { error, errand } = await going;

    expect(error).toMatchObject({ message: 'left' });
    expect(errand.sent).toEqual([A]);
    expect(travels.health.of(A).failures).toBe(0);
  });

  it('has hung up also on who is asked after that', async () => {
    const { error } = await travels.go({ [A]: [hangs] }, { signal: AbortSignal.abort(new Error('left')) });

    expect(error).toMatchObject({ message: 'left' });
  });
});

it('leaves nothing behind on a signal that ten thousand calls share', async () => {
  const { signal } = new AbortController();
  for (let n = 0; n < 10_000; n += 1) {
    await travels.go({ [A]: n % 100 === 0 ? [404] : [], [B]: [] }, { signal });
  }

  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

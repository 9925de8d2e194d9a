import { A, B, failing, hangs, type Step, Travels } from '../../../../../test/support/scripted-errand.js';

const HEDGE = { hedge: true };

let travels: Travels;

beforeEach(() => {
  travels = new Travels();
  for (let n = 0; n < 20; n += 1) {
    travels.health.of(A).answered({ ttftMs: 1, size: 4 });
  }
});

afterEach(() => {
  expect(travels.health.all().map(({ open }) => open)).toEqual([0, 0]);
});

/** Answers when told to. */
function late(): { readonly step: Step; readonly answer: () => void; readonly fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { step: () => promise, answer: resolve, fail: reject };
}

describe('a call that may be hedged', () => {
  it('goes to one target while that is as fast as ever', async () => {
    const { errand } = await travels.go({ [A]: [], [B]: [] }, HEDGE);
    travels.health.of(B);

    expect(errand.sent).toEqual([A]);
  });

  it('takes the second when the first is slow, and hangs up on that', async () => {
    const { error, errand, attempts } = await travels.go({ [A]: [hangs], [B]: [] }, HEDGE);

    expect(error).toBeNull();
    expect(errand.answered).toEqual([B]);
    expect(attempts).toEqual([
      expect.objectContaining({ target: A, status: null, error: 'slower' }),
      expect.objectContaining({ target: B, status: 200, error: null, hedge: true }),
    ]);
    expect(errand.abandonedAt).toEqual([A]);
    expect(travels.health.of(A).failures).toBe(0);
  });

  it('takes the first when it is faster after all, and whoever answers too late is not heard', async () => {
    const [one, two] = [late(), late()];
    const second: Step = async sending => {
      one.answer();
      await (two.step as (sent: unknown) => Promise<void>)(sending);
    };
    const { errand } = await travels.go({ [A]: [one.step], [B]: [second] }, HEDGE);
    two.answer();
    await Promise.resolve();

    expect(errand.answered).toEqual([A]);
    expect(errand.abandonedAt).toEqual([B]);
  });

  it('is answered by the second when the first fails meanwhile', async () => {
    const [one, two] = [late(), late()];
    const second: Step = async sending => {
      one.fail(failing(500));
      setImmediate(two.answer);
      await (two.step as (sent: unknown) => Promise<void>)(sending);
    };
    const { error, errand, attempts } = await travels.go({ [A]: [one.step], [B]: [second] }, HEDGE);

    expect(error).toBeNull();
    expect(errand.answered).toEqual([B]);
    expect(attempts).toMatchObject([{ status: 500 }, { status: 200 }]);
    expect(travels.health.of(A).failures).toBe(1);
  });

  it('comes to both again when both failed', async () => {
    const one = late();
    const second: Step = () => {
      one.fail(failing(500));
      return Promise.reject(failing(502));
    };
    const { error, errand } = await travels.go(
      { [A]: [one.step, 500], [B]: [second] },
      { ...HEDGE, maxAttempts: 4 },
    );

    expect(error).toBeNull();
    expect(errand.sent).toEqual([A, B, A, B]);
    expect(travels.health.of(B).failures).toBe(1);
  });

  it('sends no second beyond its attempts', async () => {
    const { error, errand } = await travels.go(
      { [A]: [hangs], [B]: [] },
      { ...HEDGE, maxAttempts: 1, attemptMs: 20 },
    );
    travels.health.of(B);

    expect(error).toMatchObject({ code: 'upstream_timeout' });
    expect(errand.sent).toEqual([A]);
  });

  it('goes on to the target that the budget kept it from asking at the same time', async () => {
    while (travels.hedges.withdraw('project', 'fast')) {
      // spent by other calls
    }
    const { error, errand, attempts } = await travels.go(
      { [A]: [hangs], [B]: [] },
      { ...HEDGE, attemptMs: 20 },
    );

    expect(error).toBeNull();
    expect(errand.sent).toEqual([A, B]);
    expect(attempts[1]).not.toHaveProperty('hedge');
  });

  it('is not broken off by what keeps the second from leaving', async () => {
    const one = late();
    const first: Step = async sending => {
      travels.keys.failure = new Error('The store is down.');
      setTimeout(one.answer, 10);
      await (one.step as (sent: unknown) => Promise<void>)(sending);
    };
    const { error, errand } = await travels.go({ [A]: [first], [B]: [] }, HEDGE);
    travels.health.of(B);

    expect(error).toBeNull();
    expect(errand.answered).toEqual([A]);
  });
});

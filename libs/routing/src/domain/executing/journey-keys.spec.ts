import { A, B, failing, Travels } from '../../../../../test/support/scripted-errand.js';
import type { NoTargetLeftError } from './failed-attempts.js';

let travels: Travels;

beforeEach(() => {
  travels = new Travels();
});

describe('keys of a call', () => {
  it('are changed when one is turned away, and that is no attempt more', async () => {
    travels.giveKeys('openai', 'one', 'two');
    const { error, errand, attempts } = await travels.go({ [A]: [401] }, { plain: true });

    expect(error).toBeNull();
    expect(errand.sent).toEqual([`${A} secret-one`, `${A} secret-two`]);
    expect(attempts.map(({ key, status }) => [key, status])).toEqual([
      ['one', 401],
      ['two', 200],
    ]);
  });

  it('are used once each, even where the vendor says that they may be used at once', async () => {
    travels.giveKeys('openai', 'one', 'two');
    const now = failing(429, { retryAfterMs: 0 });
    const { error, errand } = await travels.go({ [A]: [now, now, now, now] }, { plain: true });

    expect(error).toBe(now);
    expect(errand.sent).toEqual([`${A} secret-one`, `${A} secret-two`]);
  });

  it('that all cool down keep a policy from the target, and nobody from the only one', async () => {
    travels.giveKeys('openai', 'one', 'two');
    travels.cooldowns.pause('one', null, 60_000);
    travels.cooldowns.pause('two', null, 30_000);

    expect((await travels.go({ [A]: [], [B]: [] })).errand.sent).toEqual([B]);
    expect((await travels.go({ [A]: [] }, { plain: true })).errand.sent).toEqual([`${A} secret-one`]);
    const { error } = await travels.go({ [A]: [] });
    expect(error).toMatchObject({ status: 503, code: 'no_target_left' });
    expect((error as NoTargetLeftError).retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  it('that all met limits after the call was planned are told as limits', async () => {
    travels.giveKeys('openai', 'one', 'two');
    for (const keyId of ['one', 'two']) {
      travels.cooldowns.cool({ keyId, model: 'a', status: 429, retryAfterMs: 60_000 });
    }
    expect((await travels.go({ [A]: [] })).error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });
});

import type { FeedSecond } from '../api/types.js';
import { KEPT_SECONDS, sumUp, withSecond } from './seconds.js';

const QUIET: FeedSecond = {
  at: '2026-11-25T10:20:30.456Z',
  calls: 0,
  failedCalls: 0,
  cachedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  savedNanoUsd: 0,
  latencyMs: null,
  firstSoundMs: null,
  bargeInMs: null,
  relay: null,
};

describe('seconds', () => {
  it('add up', () => {
    const seconds = [
      { ...QUIET, calls: 1, costNanoUsd: 5 },
      QUIET,
      { ...QUIET, calls: 9, failedCalls: 2, cachedCalls: 5, savedNanoUsd: 7 },
    ];

    expect(sumUp(seconds, 60)).toEqual({
      perSecond: 10 / 3,
      failedShare: 0.2,
      cachedShare: 0.5,
      costNanoUsd: 5,
      savedNanoUsd: 7,
    });
    expect(sumUp(seconds, 1)).toMatchObject({ perSecond: 9 });
  });

  it('say nothing of calls that there are none of', () => {
    for (const seconds of [[], [QUIET]]) {
      expect(sumUp(seconds, 60)).toMatchObject({
        perSecond: 0,
        failedShare: null,
        cachedShare: null,
      });
    }
  });

  it('are kept for five minutes, the latest last', () => {
    let seconds: readonly FeedSecond[] = [];
    for (let at = 0; at < KEPT_SECONDS + 5; at += 1) {
      seconds = withSecond(seconds, { ...QUIET, calls: at });
    }

    expect(seconds).toHaveLength(KEPT_SECONDS);
    expect([seconds[0]?.calls, seconds.at(-1)?.calls]).toEqual([5, KEPT_SECONDS + 4]);
  });
});

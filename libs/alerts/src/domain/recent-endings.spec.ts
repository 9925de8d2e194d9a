import type { UsageRecord } from '@app/analytics';
import { TestClock } from '../../../../test/support/test-clock.js';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { RecentEndings } from './recent-endings.js';

const MINUTE_MS = 60_000;

function start() {
  const clock = new TestClock(Date.UTC(2026, 10, 24, 12));
  const hearers: ((usage: UsageRecord) => void)[] = [];
  const recorder = { onRecord: (hear: (usage: UsageRecord) => void) => hearers.push(hear) };
  const endings = new RecentEndings(recorder as never, clock);
  const end = (some: Partial<UsageRecord> = {}) => hearers.forEach(hear => hear(aUsageRecord(some)));
  return { clock, endings, end };
}

describe('RecentEndings', () => {
  it('counts calls from the start on, of whom it is told later', () => {
    const { endings, end } = start();
    end({ projectId: 'tea', outcome: 'failed', status: 502 });
    end({ projectId: 'milk' });
    endings.watch(new Set(['tea']));
    end({ projectId: 'tea', outcome: 'cut' });
    end({ projectId: 'milk' });

    expect(endings.of('tea', 5)).toEqual({ calls: 2, failed: 2, isPartial: true });
  });

  it('takes calls that were refused for none that failed', () => {
    const { endings, end } = start();
    [400, 403, 404, 429, 499, 500, 503].forEach(status => end({ outcome: 'failed', status }));

    expect(endings.of(null, 5)).toMatchObject({ calls: 7, failed: 2 });
  });

  it('says since when it counts: from its start, or since somebody watches', () => {
    const { clock, endings, end } = start();
    endings.watch(new Set([null]));
    clock.advance(5 * MINUTE_MS);
    end({ projectId: 'tea' });
    endings.watch(new Set([null, 'tea']));

    expect(endings.of(null, 5)).toEqual({ calls: 1, failed: 0, isPartial: false });
    expect(endings.of(null, 6)).toMatchObject({ isPartial: true });
    expect(endings.of('tea', 5)).toEqual({ calls: 0, failed: 0, isPartial: true });
    clock.advance(5 * MINUTE_MS);
    expect(endings.of('tea', 5)).toEqual({ calls: 0, failed: 0, isPartial: false });
  });
});

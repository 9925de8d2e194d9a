import type { Database } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { type Rollups, openRollups } from '../../../../../test/support/rollups.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../../test/support/usage-record.js';
import type { UsageRecord } from '../usage-record.entity.js';
import { HOUR_MS } from '../rollups/usage-hour.js';
import { AnomalyWatch } from './anomalies.service.js';
import { Forecasts } from './forecasts.service.js';

/** A Tuesday. */
const NOON = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 24 * HOUR_MS;
const DOLLAR = 1_000_000_000;

let database: Database;
let ledger: Rollups;
let clock: TestClock;

beforeEach(async () => {
  database = openInMemory();
  ledger = await openRollups(database);
  clock = new TestClock(NOON);
});
afterEach(() => database.close());

async function record(records: readonly Partial<UsageRecord>[]): Promise<void> {
  for (let from = 0; from < records.length; from += 200) {
    await ledger.usage.insertMany(records.slice(from, from + 200).map(aUsageRecord), aBatch());
  }
}

/** Sundays and Saturdays. */
const isWeekend = (daysAgo: number): boolean => [2, 3].includes(daysAgo % 7);

const hour = (daysAgo: number, hoursAgo: number): number => NOON - daysAgo * DAY_MS - hoursAgo * HOUR_MS;

const daily = (days: number, of: (daysAgo: number) => Partial<UsageRecord>): Partial<UsageRecord>[] =>
  Array.from({ length: days }, (_, at) => ({ receivedAt: NOON - (at + 1) * DAY_MS, ...of(at + 1) }));

describe('Forecasts', () => {
  it('adds to what was spent this month the usual spend of each weekday left', async () => {
    await record([
      ...daily(40, daysAgo => ({ costNanoUsd: isWeekend(daysAgo) ? DOLLAR : 10 * DOLLAR })),
      { costNanoUsd: 900 * DOLLAR, receivedAt: NOON - 5 * DAY_MS }, // it ran away, once
      { costNanoUsd: 4 * DOLLAR, receivedAt: NOON - HOUR_MS },
    ]);
    const { until, projects } = await new Forecasts(ledger.reader, clock).of({ perProject: true });

    const spent = 900 + 4 + 16 * 10 + 7 * 1; // 23 days: seven of weekends
    expect(until).toBe(Date.UTC(2026, 11, 1));
    // Half of Tuesday, Wednesday to Friday, two of a weekend, and Monday
    const expected = BigInt(spent + 5 + 30 + 2 + 10) * BigInt(DOLLAR);
    expect(projects).toEqual([
      {
        projectId: 'project-1',
        spent: BigInt(spent) * BigInt(DOLLAR),
        days: 28,
        forecast: { expected, low: expected, high: expected },
      },
    ]);
  });

  it('tells projects apart, or all together, and of a new one what was spent alone', async () => {
    await record([
      ...daily(10, () => ({ costNanoUsd: DOLLAR, projectId: 'old' })),
      { costNanoUsd: 3 * DOLLAR, projectId: 'new', receivedAt: NOON - HOUR_MS },
    ]);
    const forecasts = new Forecasts(ledger.reader, clock);
    const { projects } = await forecasts.of({ perProject: true });
    const all = await forecasts.of({ perProject: false });

    expect(projects).toMatchObject([
      { projectId: 'new', spent: 3n * BigInt(DOLLAR), days: 0, forecast: null },
      { projectId: 'old', spent: 10n * BigInt(DOLLAR), days: 10, forecast: { expected: 16_500_000_000n } },
    ]);
    expect(all.projects).toMatchObject([
      { spent: 13n * BigInt(DOLLAR), forecast: { expected: 19_500_000_000n } },
    ]);
    expect(all.projects[0]).not.toHaveProperty('projectId');
    await expect(forecasts.of({ projectId: 'nobody', perProject: false })).resolves.toMatchObject({
      projects: [],
    });
  });
});

describe('AnomalyWatch', () => {
  it('finds the hours whose spend or errors are unlike those of the days before', async () => {
    const usual = Array.from({ length: 14 }, (_, day) =>
      Array.from({ length: 20 }, (__, call) => ({
        costNanoUsd: DOLLAR + (day % 3) * 1_000_000,
        receivedAt: hour(day + 1, 2),
        outcome: call === 0 && day % 2 === 0 ? ('failed' as const) : ('completed' as const),
      })),
    ).flat();
    const today = Array.from({ length: 30 }, (_, call) => ({
      costNanoUsd: 2 * DOLLAR,
      receivedAt: hour(0, 2),
      outcome: call < 15 ? ('failed' as const) : ('completed' as const),
    }));
    await record([...usual, ...today]);
    const { found, from, to } = await new AnomalyWatch(ledger.reader, clock).of({ perProject: true });

    expect([from, to]).toEqual([NOON - DAY_MS, NOON]);
    const of = { start: hour(0, 2), projectId: 'project-1' };
    expect(found).toEqual([
      {
        ...of,
        subject: 'spend',
        value: 60 * DOLLAR,
        usual: expect.closeTo(20_020_000_000, -8) as unknown,
        score: expect.any(Number) as unknown,
      },
      { ...of, subject: 'error_rate', value: 0.5, usual: 0.025, score: expect.any(Number) as unknown },
    ]);
  });

  it('finds spend that is not there any more, and nothing in a project of less than a week', async () => {
    await record([
      ...daily(14, daysAgo => ({ costNanoUsd: DOLLAR, receivedAt: hour(daysAgo, 3) })),
      ...daily(6, daysAgo => ({ costNanoUsd: DOLLAR, receivedAt: hour(daysAgo, 3), projectId: 'new' })),
    ]);
    const watch = new AnomalyWatch(ledger.reader, clock);

    const { found } = await watch.of({ perProject: true });
    expect(found).toMatchObject([
      { projectId: 'project-1', subject: 'spend', value: 0, usual: DOLLAR, score: -20 },
    ]);
  });
});

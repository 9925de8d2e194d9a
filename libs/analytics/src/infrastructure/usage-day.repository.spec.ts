import type { Database } from '@app/shared';
import { databases, openInMemory } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { fc } from '../../../../test/support/properties.js';
import { openRollups, type Rollups } from '../../../../test/support/rollups.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import { DayFolding } from '../domain/rollups/day-folding.js';
import type { BucketOf, Grouping, RollupFilter } from '../domain/rollups/rollup.repository.js';
import { HOUR_MS, hourOf } from '../domain/rollups/usage-hour.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';

const DAY_MS = 24 * HOUR_MS;
/** Long over, by every clock. */
const START = Date.UTC(2026, 0, 1);
const FIRST = START / DAY_MS;
const LIMIT = 1000;

const GROUPINGS: readonly Grouping[] = [
  { interval: 'total', by: [] },
  { interval: 'day', by: ['model', 'provider'] },
  { interval: 'month', by: ['projectId', 'keyId'] },
  { interval: 'hour', by: [] },
];

function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function record(hours: number, given: Parameters<typeof aUsageRecord>[0] = {}): UsageRecord {
  return aUsageRecord({ receivedAt: START + hours * HOUR_MS, ...given });
}

/** Sums have big integers in them, and buckets no order. */
function lines(buckets: readonly BucketOf[]): string[] {
  return buckets.map(bucket => JSON.stringify(bucket, asText)).toSorted();
}

async function expectSameAsHours({ reader, rollups }: Rollups, span: RollupFilter): Promise<void> {
  for (const grouping of GROUPINGS) {
    const sums = await reader.sums(span, grouping, LIMIT);
    expect(lines(sums.map(sorted))).toEqual(lines((await rollups.sums(span, grouping, LIMIT)).map(sorted)));
    const times = await reader.times(span, grouping);
    expect(lines(times.map(sorted))).toEqual(lines((await rollups.times(span, grouping)).map(sorted)));
  }
}

function sorted<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) as Value;
}

describe.each(await databases())('UsageDayRepository on %s', (_, open) => {
  let database: Database;
  let ledger: Rollups;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
  });
  afterEach(() => database.close());

  async function fill(): Promise<void> {
    const records = Array.from({ length: 40 }, (__, at) =>
      record(at * 2, {
        keyId: `key-${at % 3}`,
        projectId: `project-${at % 2}`,
        modelUsed: at % 5 === 0 ? null : `m-${at % 4}`,
        latencyMs: 10 + at * 37,
        firstTokenMs: at % 2 === 0 ? null : at,
        costNanoUsd: Number.MAX_SAFE_INTEGER,
      }),
    );
    await ledger.usage.insertMany(records, aBatch());
  }

  it('gives of folded days what their hours give, with what is around them', async () => {
    await fill();
    for (const day of [0, 1, 2]) {
      await expect(ledger.days.fold(FIRST + day)).resolves.toBe(true);
    }
    const from = hourOf(START);
    for (const span of [
      { from, to: from + 72 },
      { from: from + 5, to: from + 77 },
      { from: from - 100, to: from + 100, projectId: 'project-1' },
      { from: from + 30, to: from + 40 },
    ]) {
      await expectSameAsHours(ledger, span);
    }
    const days = await ledger.days.sums({ from, to: from + 72 }, { interval: 'total', by: [] }, 10);
    expect(days).toMatchObject([{ calls: 36 }]);
  });

  it('tells at once what came to a folded day later, and folds it anew', async () => {
    await fill();
    await ledger.days.fold(FIRST);
    const late = record(3, { costNanoUsd: 5 });
    await ledger.usage.insertMany([late], aBatch());
    const from = hourOf(START);
    const [span, total] = [
      { from, to: from + 24 },
      { interval: 'total', by: [] },
    ] as const;

    await expect(ledger.reader.sums(span, total, 10)).resolves.toMatchObject([{ calls: 13 }]);
    const [state] = await ledger.days.states({ from: FIRST, to: FIRST + 1 });
    expect(state?.staleSince).toEqual(expect.any(Number));

    await ledger.days.fold(FIRST);
    await ledger.corrections.insertMany([correctionOf(late, undefined, { cost: 12, version: '2' }, BY)]);
    await expect(ledger.reader.sums(span, total, 10)).resolves.toMatchObject([{ correctedNanoUsd: 7n }]);
    await ledger.days.fold(FIRST);
    await expect(ledger.days.states({ from: FIRST, to: FIRST + 1 })).resolves.toEqual([
      { day: FIRST, staleSince: null },
    ]);
    await expect(ledger.days.sums(span, total, 10)).resolves.toMatchObject([{ correctedNanoUsd: 7n }]);
    await expectSameAsHours(ledger, span);
  });

  it('loses nothing of what is written while a day is folded', async () => {
    await fill();
    const from = hourOf(START);
    for (let round = 0; round < 5; round++) {
      await Promise.all([
        ledger.days.fold(FIRST),
        ledger.usage.insertMany([record(round), record(23)], aBatch()),
      ]);
      await expectSameAsHours(ledger, { from, to: from + 24 });
    }
  });

  it('marks no day that is not over', async () => {
    const now = Date.now();
    const today = Math.floor(now / DAY_MS);
    await ledger.usage.insertMany([aUsageRecord({ receivedAt: now })], aBatch());

    await expect(ledger.days.states({ from: today, to: today + 1 })).resolves.toEqual([]);
  });

  it('has a day due when it is over, and again when it is stale and nobody writes any more', async () => {
    const dueAt = (now: number, hours: number) =>
      new DayFolding(ledger.days, new TestClock(now)).due(hourOf(START) + hours);
    await expect(dueAt(Date.now(), 48)).resolves.toEqual([]); // nothing is there
    await ledger.usage.insertMany([record(1), record(47)], aBatch());
    const later = Date.now() + 11 * 60_000;
    await expect(dueAt(START + 24.9 * HOUR_MS, 24)).resolves.toEqual([]); // some clocks are slow
    await expect(dueAt(later, 47)).resolves.toEqual([FIRST]);
    await expect(dueAt(later, 48)).resolves.toEqual([FIRST, FIRST + 1]);
    await ledger.days.fold(FIRST);
    await expect(dueAt(later, 48)).resolves.toEqual([FIRST + 1]);

    await ledger.usage.insertMany([record(2)], aBatch());
    await expect(dueAt(Date.now(), 24)).resolves.toEqual([]);
    await expect(dueAt(Date.now() + 11 * 60_000, 24)).resolves.toEqual([FIRST]);
  });
});

it('whatever is written and folded in whatever order, days say what hours say', async () => {
  const step = fc.oneof(
    fc.record({
      hours: fc.array(fc.nat(95), { minLength: 1, maxLength: 8 }),
      model: fc.constantFrom('a', null),
    }),
    fc.record({ day: fc.nat(3) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.nat(50),
      fc.nat(96),
      async (steps, from, length) => {
        const database = openInMemory();
        try {
          const ledger = await openRollups(database);
          for (const one of steps) {
            await ('day' in one
              ? ledger.days.fold(FIRST + one.day)
              : ledger.usage.insertMany(
                  one.hours.map(hour =>
                    aUsageRecord({ receivedAt: START + hour * HOUR_MS, modelUsed: one.model }),
                  ),
                  aBatch(),
                ));
          }
          const first = hourOf(START) + from;
          await expectSameAsHours(ledger, { from: first, to: first + length + 1 });
        } finally {
          await database.close();
        }
      },
    ),
    { numRuns: 40 },
  );
});

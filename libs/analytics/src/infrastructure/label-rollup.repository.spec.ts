import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { expectSameAsLedger, openRollups, type Rollups, spoil } from '../../../../test/support/rollups.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import type { Dimension, RollupFilter } from '../domain/rollups/rollup.repository.js';
import { HOUR_MS, hourOf } from '../domain/rollups/usage-hour.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const ALL = { from: 0, to: 1_000_000 };

const bucketOf = (ms: number) => Math.ceil(Math.log(ms) / Math.log(1.05));

describe.each(await databases())('LabelRollupRepository on %s', (_, open) => {
  let database: Database;
  let ledger: Rollups;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
  });
  afterEach(() => database.close());

  it('adds up by end user and by tag, apart from the others: a call counts in each of its tags', async () => {
    const night = { tags: ['night', 'team:search'], costNanoUsd: Number.MAX_SAFE_INTEGER };
    await ledger.usage.insertMany(
      [
        aUsageRecord({ endUser: 'ada', ...night, latencyMs: 100 }),
        aUsageRecord({ endUser: 'ada', ...night, outcome: 'failed', receivedAt: NOON + 30 * HOUR_MS }),
        aUsageRecord({ endUser: 'Ada', tags: ['night'], projectId: 'other' }),
        aUsageRecord({ endUser: 'ada ', modelUsed: null, keyId: 'other' }),
        aUsageRecord({ endUser: '%"🎈', tags: ['ada'] }),
        aUsageRecord(),
      ],
      aBatch(),
    );
    const asked = async (filter: Partial<RollupFilter>, by: readonly Dimension[], most = 10) => {
      const found = await ledger.labels.sums({ ...ALL, ...filter }, { interval: 'total', by }, most);
      return found.map(({ calls, endUser, tag }) => `${endUser ?? tag ?? 'all'} ${calls}`).toSorted();
    };

    await expectSameAsLedger(ledger, 5 + 5 + 5);
    await expect(asked({ label: 'endUser' }, ['endUser'])).resolves.toEqual([
      '%"🎈 1',
      'Ada 1',
      'ada  1',
      'ada 2',
    ]);
    await expect(asked({ label: 'tag' }, ['tag'])).resolves.toEqual(['ada 1', 'night 3', 'team:search 2']);
    await expect(asked({ label: 'tag' }, [])).resolves.toEqual(['all 6']);
    await expect(asked({ label: 'endUser', endUser: 'ada' }, [])).resolves.toEqual(['all 2']);
    await expect(asked({ label: 'tag', tag: 'night', projectId: 'other' }, ['tag'])).resolves.toEqual([
      'night 1',
    ]);
    await expect(asked({ label: 'tag', among: [{ tag: 'ada' }] }, ['tag', 'model'])).resolves.toEqual([
      'ada 1',
    ]);
    await expect(asked({ label: 'endUser' }, ['endUser', 'keyId'], 2)).resolves.toHaveLength(2);
    const [total] = await ledger.labels.sums(
      { ...ALL, label: 'tag', tag: 'team:search' },
      { interval: 'total', by: [] },
      2,
    );
    expect(total).toMatchObject({ failedCalls: 1, costNanoUsd: 2n * BigInt(Number.MAX_SAFE_INTEGER) });
    const grouping = { interval: 'month', by: ['endUser'] } as const;
    const times = await ledger.labels.times({ ...ALL, label: 'endUser', endUser: 'ada' }, grouping);
    expect(times).toMatchObject([{ start: 682, endUser: 'ada', times: { firstTokenMs: [] } }]);
    expect(times[0]?.times.latencyMs).toEqual([
      [bucketOf(100), 1],
      [bucketOf(812), 1],
    ]);
  });

  it('mends what is wrong by label, moved with corrections, and nothing else', async () => {
    const record = aUsageRecord({ endUser: 'ada', tags: ['a', 'b'] });
    await ledger.usage.insertMany([record, aUsageRecord({ endUser: 'bob' }), aUsageRecord()], aBatch());
    await ledger.corrections.insertMany([correctionOf(record, undefined, { cost: 5, version: '2' }, BY)]);
    await expectSameAsLedger(ledger, 1 + 4);
    await expect(ledger.rollups.mend(hourOf(NOON))).resolves.toEqual({ differences: [], isDone: true });
    await spoil(database, { calls: 999 });
    const { differences } = await ledger.rollups.mend(hourOf(NOON));

    const labelled = differences.map(({ ledger: { endUser, tag, calls } }) => [
      endUser ?? tag ?? 'none',
      calls,
    ]);
    expect(labelled.map(String).toSorted()).toEqual(['a,1', 'ada,1', 'b,1', 'bob,1', 'none,3']);
    await expectSameAsLedger(ledger, 1 + 4);
  });

  it('leaves distributions by label as they are when those of their hour are packed, and adds what comes later', async () => {
    const timed = [100, 200].map(latencyMs => aUsageRecord({ endUser: 'ada', tags: ['a'], latencyMs }));
    await ledger.usage.insertMany(timed.slice(0, 1), aBatch());
    await ledger.rollups.pack(hourOf(NOON));
    await ledger.usage.insertMany(timed.slice(1), aBatch());

    await expectSameAsLedger(ledger, 1 + 2);
    await expect(ledger.rollups.mend(hourOf(NOON))).resolves.toEqual({ differences: [], isDone: true });
    await spoil(database, { calls: 999 });
    await expect(ledger.rollups.mend(hourOf(NOON))).resolves.toMatchObject({ isDone: true });
    await expectSameAsLedger(ledger, 1 + 2);
  });

  it('tells the largest first, by what they cost by now or how many calls they are', async () => {
    const dear = aUsageRecord({ endUser: 'dear', costNanoUsd: Number.MAX_SAFE_INTEGER });
    const records = [
      ...Array.from({ length: 9 }, () => ({ endUser: 'many', costNanoUsd: 1 })),
      ...Array.from({ length: 5 }, (__, at) => ({ endUser: `u${at}`, costNanoUsd: 10 + at })),
      { endUser: 'corrected', costNanoUsd: 1 },
      { costNanoUsd: Number.MAX_SAFE_INTEGER },
    ].map(aUsageRecord);
    await ledger.usage.insertMany([dear, ...records], aBatch());
    const corrected = records.find(({ endUser }) => endUser === 'corrected') ?? dear;
    await ledger.corrections.insertMany([correctionOf(corrected, undefined, { cost: 99, version: '2' }, BY)]);
    const largest = async (largestBy: 'cost' | 'calls', most: number) => {
      const grouping = { interval: 'total', by: ['endUser'], largestBy } as const;
      const found = await ledger.labels.sums({ ...ALL, label: 'endUser' }, grouping, most);
      return found.map(({ endUser }) => endUser);
    };

    await expect(largest('cost', 4)).resolves.toEqual(['dear', 'corrected', 'u4', 'u3']);
    await expect(largest('calls', 1)).resolves.toEqual(['many']);
  });

  it('forgets by label what is old, in steps', async () => {
    const records = [1, 2, 3].map(at => aUsageRecord({ endUser: `${at}`, receivedAt: NOON + at * HOUR_MS }));
    await ledger.usage.insertMany(records, aBatch());
    const noon = hourOf(NOON);
    await expect(ledger.labels.deleteBefore(noon + 3, 1)).resolves.toBe(1);
    await expect(ledger.labels.oldest()).resolves.toBe(noon + 2);
    await expect(ledger.labels.deleteBefore(noon + 3, 5)).resolves.toBe(1);
    await expect(ledger.labels.deleteBefore(noon + 3, 5)).resolves.toBe(0);

    await expect(ledger.labels.oldest()).resolves.toBe(noon + 3);
    await expect(ledger.rollups.sums(ALL, { interval: 'total', by: [] }, 2)).resolves.toMatchObject([
      { calls: 3 },
    ]);
    const grouping = { interval: 'total', by: ['endUser'] } as const;
    await expect(ledger.labels.times({ ...ALL, label: 'endUser' }, grouping)).resolves.toHaveLength(1);
  });
});

import type { Database } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { type Rollups, openRollups } from '../../../../../test/support/rollups.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../../test/support/usage-record.js';
import { HOUR_MS } from './usage-hour.js';
import { UsageSummaries } from './usage-summaries.service.js';

const NOON = Date.UTC(2026, 10, 24, 12);
let database: Database;
let ledger: Rollups;
let summaries: UsageSummaries;

beforeEach(async () => {
  database = openInMemory();
  ledger = await openRollups(database);
  summaries = new UsageSummaries(ledger.reader, new TestClock(NOON));
});
afterEach(() => database.close());

/** To 3 %. */
const near = (ms: number): unknown => expect.closeTo(ms, -Math.log10(ms * 0.03 * 2));

const starts = async (some: Partial<Parameters<UsageSummaries['of']>[0]>): Promise<string[]> => {
  const { buckets } = await summaries.of({ interval: 'hour', by: [], ...some });
  return buckets.map(({ start, model }) =>
    [new Date(start).toISOString().slice(0, 13), model].join(' ').trim(),
  );
};

it('tells of the last 30 days, from whole hours, the oldest first', async () => {
  const times = [0, -1, -1.5, -719, -720, -721].map(hours => NOON + hours * HOUR_MS);
  await ledger.usage.insertMany(
    times.map(receivedAt => aUsageRecord({ receivedAt })),
    aBatch(),
  );

  await expect(starts({})).resolves.toEqual([
    '2026-10-25T12',
    '2026-10-25T13',
    '2026-11-24T10',
    '2026-11-24T11',
  ]);
  const half = { from: NOON - 0.5 * HOUR_MS, to: NOON + 0.5 * HOUR_MS };
  await expect(starts(half)).resolves.toEqual(['2026-11-24T11', '2026-11-24T12']);
  await expect(starts({ ...half, interval: 'total' })).resolves.toEqual(['2026-11-24T11']);
  await expect(starts({ interval: 'month' })).resolves.toEqual(['2026-10-01T00', '2026-11-01T00']);
});

it('sorts within a time by what is told apart, nothing first', async () => {
  await ledger.usage.insertMany(
    ['b', null, 'B', 'a'].map(modelUsed => aUsageRecord({ modelUsed, receivedAt: NOON - 1 })),
    aBatch(),
  );

  await expect(starts({ by: ['model'] })).resolves.toEqual(
    ['', ' B', ' a', ' b'].map(model => `2026-11-24T11${model}`),
  );
});

it('refuses what would be too much to tell, and a time that ends before it begins', async () => {
  for (let from = 0; from < 10_001; from += 200) {
    await ledger.usage.insertMany(
      Array.from({ length: Math.min(200, 10_001 - from) }, (_, at) =>
        aUsageRecord({ modelUsed: `m-${from + at}`, receivedAt: NOON - 1 }),
      ),
      aBatch(),
    );
  }

  await expect(starts({ by: ['model'] })).rejects.toMatchObject({ status: 400, code: 'too_many_entries' });
  await expect(starts({ by: [] })).resolves.toHaveLength(1);
  await expect(starts({ from: NOON, to: NOON })).rejects.toMatchObject({ status: 400, param: 'to' });
});

it('tells percentiles of calls, not of averages, over hours and keys, and of nothing that was not timed', async () => {
  const times = Array.from({ length: 200 }, (_, at) => at + 1);
  await ledger.usage.insertMany(
    times.map(ms =>
      aUsageRecord({
        latencyMs: ms * 100,
        keyId: ms > 190 ? 'slow' : 'quick', // of two averages or two medians nothing would be right
        receivedAt: NOON - (ms % 5) * HOUR_MS - 1,
      }),
    ),
    aBatch(),
  );
  const all = await summaries.latencies({ interval: 'total', by: [] });
  const byKey = await summaries.latencies({ interval: 'total', by: ['keyId'] });

  expect(all.buckets).toEqual([
    {
      start: all.from,
      latencyMs: { calls: 200, p50: near(10_000), p90: near(18_000), p95: near(19_000), p99: near(19_800) },
      firstTokenMs: null,
    },
  ]);
  expect(byKey.buckets.map(({ keyId, latencyMs }) => [keyId, latencyMs?.calls])).toEqual([
    ['quick', 190],
    ['slow', 10],
  ]);
  const hours = await summaries.latencies({ interval: 'hour', by: [] });
  expect(hours.buckets.map(({ latencyMs }) => latencyMs?.calls)).toEqual([40, 40, 40, 40, 40]);
});

it('refuses latencies of more than 2000 entries', async () => {
  for (let from = 0; from < 2001; from += 200) {
    await ledger.usage.insertMany(
      Array.from({ length: Math.min(200, 2001 - from) }, (_, at) =>
        aUsageRecord({ modelUsed: `m-${from + at}`, receivedAt: NOON - 1 }),
      ),
      aBatch(),
    );
  }

  const order = { interval: 'hour', by: ['model'] } as const;
  await expect(summaries.latencies(order)).rejects.toMatchObject({ status: 400, code: 'too_many_entries' });
});

it('tells the groups that cost or call most, and the rest of each interval as one', async () => {
  const calls = [
    ['dear', 900, 1],
    ['many', 10, 5],
    [null, 300, 2],
    ['little', 1, 2],
  ] as const;
  await ledger.usage.insertMany(
    calls.flatMap(([modelUsed, costNanoUsd, count]) =>
      [1, 2].flatMap(day =>
        Array.from({ length: count }, () =>
          aUsageRecord({ modelUsed, costNanoUsd, receivedAt: NOON - day * 24 * HOUR_MS }),
        ),
      ),
    ),
    aBatch(),
  );
  await ledger.usage.insertMany(
    [aUsageRecord({ modelUsed: 'little', receivedAt: NOON - 1, costNanoUsd: 1 })],
    aBatch(),
  );
  const order = { interval: 'day', by: ['model'] } as const;
  const told = async (groups: number, of: 'cost' | 'calls') => {
    const { buckets } = await summaries.of({ ...order, top: { groups, of } });
    return buckets.map(({ start, model, other, calls: count, costNanoUsd }) => [
      new Date(start).getUTCDate(),
      other ? 'other' : model,
      count,
      Number(costNanoUsd),
    ]);
  };

  await expect(told(2, 'cost')).resolves.toEqual([
    [22, null, 2, 600],
    [22, 'dear', 1, 900],
    [22, 'other', 7, 52],
    [23, null, 2, 600],
    [23, 'dear', 1, 900],
    [23, 'other', 7, 52],
    [24, 'other', 1, 1],
  ]);
  await expect(told(1, 'calls')).resolves.toEqual([
    [22, 'many', 5, 50],
    [22, 'other', 5, 1502],
    [23, 'many', 5, 50],
    [23, 'other', 5, 1502],
    [24, 'other', 1, 1],
  ]);
  await expect(told(100, 'cost')).resolves.toHaveLength(9);
  await expect(
    summaries.of({ interval: 'day', by: [], top: { groups: 1, of: 'cost' } }),
  ).rejects.toMatchObject({
    status: 400,
    param: 'top',
  });
});

it('tells by end user and by tag, the largest of any number of them, and what the others come to', async () => {
  for (let from = 0; from < 10_200; from += 200) {
    const users = Array.from({ length: 200 }, (_, at) => `user-${from + at}`);
    await ledger.usage.insertMany(
      users.map((endUser, at) => aUsageRecord({ endUser, costNanoUsd: from + at, receivedAt: NOON - 1 })),
      aBatch(),
    );
  }
  const tags = ['night', 'team'];
  await ledger.usage.insertMany([aUsageRecord({ tags, receivedAt: NOON - 1 }), aUsageRecord()], aBatch());
  const order = { interval: 'day', by: ['endUser'] } as const;
  const { buckets } = await summaries.of({ ...order, top: { groups: 2, of: 'cost' } });

  expect(buckets).toMatchObject([
    { endUser: 'user-10198', calls: 1, costNanoUsd: 10_198n },
    { endUser: 'user-10199', calls: 1, costNanoUsd: 10_199n },
    { other: true, calls: 10_198, costNanoUsd: (10_197n * 10_198n) / 2n },
  ]);
  await expect(summaries.of(order)).rejects.toMatchObject({ status: 400, code: 'too_many_entries' });
  const own = await summaries.of({ interval: 'total', by: ['model'], endUser: 'user-7' });
  expect(own.buckets).toMatchObject([{ model: 'gpt-4o-2024-08-06', calls: 1, costNanoUsd: 7n }]);
  const byTag = await summaries.of({ interval: 'total', by: ['tag', 'keyId'] });
  expect(byTag.buckets).toMatchObject([
    { tag: 'night', keyId: 'key-1', calls: 1 },
    { tag: 'team', keyId: 'key-1', calls: 1 },
  ]);
  const latencies = await summaries.latencies({ interval: 'total', by: [], endUser: 'user-7' });
  expect(latencies.buckets).toMatchObject([{ latencyMs: { calls: 1 } }]);
});

it.each([
  { by: ['endUser', 'tag'] as const },
  { by: ['endUser'] as const, tag: 'night' },
  { by: [], endUser: 'ada', tag: 'night' },
])('says what can be asked where nobody adds up: %j', async asked => {
  await expect(summaries.of({ interval: 'day', ...asked })).rejects.toMatchObject({
    status: 400,
    param: 'groupBy',
    message: expect.stringContaining('Ask by one of them, together with any of project, key'),
  });
});

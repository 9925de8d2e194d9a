import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import {
  expectSameAsLedger,
  forgetTimes,
  openRollups,
  type Rollups,
  spoil,
  spoilTimes,
  toldBy,
} from '../../../../test/support/rollups.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import { HOUR_MS, hourOf } from '../domain/rollups/usage-hour.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const ALL = { from: 0, to: 1_000_000 };

const bucketOf = (ms: number) => Math.ceil(Math.log(ms) / Math.log(1.05));

describe.each(await databases())('RollupRepository on %s', (_, open) => {
  let database: Database;
  let ledger: Rollups;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
  });
  afterEach(() => database.close());

  it('adds up what a batch holds, by hour and by all that is told apart', async () => {
    const bare = { provider: null, modelUsed: null, costNanoUsd: null, audioMs: 1500 };
    await ledger.usage.insertMany(
      [
        aUsageRecord(),
        aUsageRecord({ outcome: 'cut', receivedAt: NOON + HOUR_MS - 1 }),
        aUsageRecord({ receivedAt: NOON + HOUR_MS }),
        aUsageRecord({ projectId: 'other' }),
        aUsageRecord({ keyId: 'other' }),
        aUsageRecord({ endpoint: '/v1/messages', estimated: true }),
        aUsageRecord({ ...bare, outcome: 'failed' }),
        aUsageRecord({ ...bare, provider: '', outcome: 'unsettled' }),
        aUsageRecord({ modelUsed: 'other', costNanoUsd: Number.MAX_SAFE_INTEGER, savedNanoUsd: 7 }),
        aUsageRecord({ modelUsed: 'other', costNanoUsd: Number.MAX_SAFE_INTEGER, savedNanoUsd: -21 }),
      ],
      aBatch(),
    );

    await expectSameAsLedger(ledger, 8);
    const [total] = await ledger.rollups.sums(ALL, { interval: 'total', by: [] }, 10);
    expect(total).toMatchObject({
      start: 0,
      calls: 10,
      failedCalls: 2,
      unsettledCalls: 1,
      unpricedCalls: 2,
      estimatedCalls: 1,
      inputTokens: 10_000,
      audioMs: 3000,
      costNanoUsd: 6n * 3_250_000n + 2n * BigInt(Number.MAX_SAFE_INTEGER),
      savedNanoUsd: -14n,
    });
  });

  it('counts a batch once that comes twice, and what is new in a later one', async () => {
    const [first, second] = [aUsageRecord(), aUsageRecord()];
    const batch = aBatch();
    await ledger.usage.insertMany([first], batch);
    await ledger.usage.insertMany([first], batch);
    await ledger.usage.insertMany([first, second, second], { ...batch, seq: 7 });
    await ledger.usage.insertMany([second], { ...batch, seq: 7 });

    await expectSameAsLedger(ledger, 1);
    expect((await toldBy(ledger))[0]).toContain('calls=2 ');
  });

  it('counts a record once that several gateways ship at the same time', async () => {
    const shared = Array.from({ length: 20 }, (__, at) => aUsageRecord({ keyId: `key-${at % 3}` }));
    await Promise.all(
      [1, 2, 3, 4].map(() => ledger.usage.insertMany([aUsageRecord(), ...shared, aUsageRecord()], aBatch())),
    );

    await expectSameAsLedger(ledger, 3);
  });

  it('moves with the corrections of its records, each once', async () => {
    const records = [aUsageRecord(), aUsageRecord({ costNanoUsd: null, outcome: 'unsettled' })];
    await ledger.usage.insertMany(records, aBatch());
    const first = records.map(record => correctionOf(record, undefined, { cost: 500, version: '2' }, BY));
    await Promise.all([ledger.corrections.insertMany(first), ledger.corrections.insertMany(first)]);
    const [record = aUsageRecord(), last] = [records[0], first[0]];
    const second = correctionOf(record, last, { cost: 9_000_000, version: '3' }, BY);
    const unknown = correctionOf(aUsageRecord(), undefined, { cost: 1, version: '3' }, BY);
    await ledger.corrections.insertMany([...first, second, second, unknown]);

    await expectSameAsLedger(ledger, 1);
    expect((await toldBy(ledger))[0]).toContain(`correctedNanoUsd=${9_000_000 - 3_250_000 + 500} `);
  });

  it.each([
    ['hour', [hourOf(NOON), hourOf(NOON) + 1, hourOf(NOON) + 24, hourOf(NOON) + 24 * 30]],
    ['day', [20_781, 20_782, 20_811]],
    ['month', [682, 683]],
    ['total', [0]],
  ] as const)('gives the sums of each %s', async (interval, starts) => {
    const times = [0, HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS].map(after => NOON + after);
    const records = times.map(receivedAt => aUsageRecord({ receivedAt }));
    await ledger.usage.insertMany(records, aBatch());

    const found = await ledger.rollups.sums(ALL, { interval, by: [] }, 10);
    expect(found.map(({ start }) => start).toSorted((a, b) => a - b)).toEqual(starts);
    expect(found.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
  });

  it('gives the sums of one project and key, of some hours, told apart as asked, and no more than asked', async () => {
    await ledger.usage.insertMany(
      [
        aUsageRecord(),
        aUsageRecord({ provider: null, modelUsed: null }),
        aUsageRecord({ keyId: 'other' }),
        aUsageRecord({ projectId: 'other' }),
        aUsageRecord({ receivedAt: NOON + HOUR_MS }),
      ],
      aBatch(),
    );
    const [from, to] = [hourOf(NOON), hourOf(NOON) + 1];
    const filter = { projectId: 'project-1', keyId: 'key-1', from, to };

    const found = await ledger.rollups.sums(filter, { interval: 'day', by: ['provider', 'keyId'] }, 10);
    expect(found.toSorted((a, b) => (a.provider ?? '').localeCompare(b.provider ?? ''))).toMatchObject([
      { start: 20_781, provider: null, keyId: 'key-1', calls: 1 },
      { start: 20_781, provider: 'openai', keyId: 'key-1', calls: 1 },
    ]);
    await expect(
      ledger.rollups.sums(ALL, { interval: 'total', by: ['projectId', 'keyId'] }, 2),
    ).resolves.toHaveLength(2);
    await expect(
      ledger.rollups.sums({ ...filter, keyId: 'nobody' }, { interval: 'total', by: [] }, 2),
    ).resolves.toEqual([]);
  });

  it('keeps distributions of what was timed, told apart as asked, which add up over hours', async () => {
    const relay = { frames: 1, meanUs: 1, p99Us: 1, pausedMs: 0 };
    await ledger.usage.insertMany(
      [
        aUsageRecord({ latencyMs: 100, firstTokenMs: 1 }),
        aUsageRecord({ latencyMs: 101, firstTokenMs: 0, receivedAt: NOON + 30 * HOUR_MS }),
        aUsageRecord({ latencyMs: 5000, keyId: 'other' }),
        aUsageRecord({ latencyMs: 90, voice: { firstSoundMs: 5, bargeInMs: null, relay: null } }),
        aUsageRecord({ latencyMs: 3_600_000, voice: { firstSoundMs: null, bargeInMs: null, relay } }),
        aUsageRecord({ latencyMs: 0, outcome: 'unsettled' }),
        aUsageRecord({ latencyMs: 100, projectId: 'other' }),
      ],
      aBatch(),
    );

    const found = await ledger.rollups.times(
      { ...ALL, projectId: 'project-1' },
      { interval: 'month', by: ['keyId'] },
    );
    expect(found.toSorted((a, b) => (a.keyId ?? '').localeCompare(b.keyId ?? ''))).toEqual([
      {
        start: 682,
        keyId: 'key-1',
        times: {
          latencyMs: [
            [bucketOf(90), 1],
            [bucketOf(100), 2],
          ],
          firstTokenMs: [[0, 2]],
        },
      },
      { start: 682, keyId: 'other', times: { latencyMs: [[bucketOf(5000), 1]], firstTokenMs: [] } },
    ]);
    await expectSameAsLedger(ledger, 4);
    await expect(ledger.rollups.mend(hourOf(NOON))).resolves.toEqual({ differences: [], isDone: true });
  });

  it('mends distributions alone that are wrong, and those of an earlier release, which had none', async () => {
    await ledger.usage.insertMany([aUsageRecord({ firstTokenMs: 30 }), aUsageRecord()], aBatch());
    const right = await toldBy(ledger);
    await spoilTimes(database);
    expect(await toldBy(ledger)).not.toEqual(right);
    const { differences } = await ledger.rollups.mend(hourOf(NOON));

    expect(differences).toMatchObject([{ told: { calls: 2 }, ledger: { calls: 2 } }]);
    expect(await toldBy(ledger)).toEqual(right);
    await forgetTimes(database);
    await ledger.usage.insertMany([aUsageRecord({ latencyMs: 3 })], aBatch());
    await ledger.rollups.mend(hourOf(NOON));
    await expectSameAsLedger(ledger, 1);
  });

  it('gives the sums of some groups only, also of those that have no vendor', async () => {
    const records = [{ provider: null }, { provider: 'a', keyId: 'x' }, { provider: 'a' }, { provider: 'b' }];
    await ledger.usage.insertMany(records.map(aUsageRecord), aBatch());
    const among = [
      { provider: null, keyId: 'key-1' },
      { provider: 'a', keyId: 'x' },
      { provider: 'b', keyId: 'x' },
    ];
    const found = await ledger.rollups.sums({ ...ALL, among }, { interval: 'total', by: ['provider'] }, 10);

    expect(found.map(({ provider, calls }) => [provider, calls]).toSorted()).toEqual([
      [null, 1],
      ['a', 1],
    ]);
  });

  it.each([['wrong', { calls: 999 }] as const, ['missing', null] as const])(
    'mends rollups that are %s, and tells what they said',
    async (__, change) => {
      const records = [aUsageRecord(), aUsageRecord({ keyId: 'other', costNanoUsd: null })];
      await ledger.usage.insertMany(records, aBatch());
      const [record = aUsageRecord()] = records;
      await ledger.corrections.insertMany([correctionOf(record, undefined, { cost: 5, version: '2' }, BY)]);
      await expect(ledger.rollups.mend(hourOf(NOON))).resolves.toEqual({ differences: [], isDone: true });
      await spoil(database, change);
      const { differences, isDone } = await ledger.rollups.mend(hourOf(NOON));

      expect(isDone).toBe(true);
      expect(differences.map(({ told, ledger: { calls } }) => [told?.calls ?? null, calls])).toEqual([
        [change?.calls ?? null, 1],
        [change?.calls ?? null, 1],
      ]);
      await expectSameAsLedger(ledger, 2);
    },
  );

  it('mends a rollup of records that are nowhere', async () => {
    const record: UsageRecord = aUsageRecord();
    await ledger.usage.insertMany([record], aBatch());
    await (database.kind === 'sql'
      ? database.sql.deleteFrom('usage').execute()
      : (await database.model((await import('./usage.schema.js')).usageSchema)).deleteMany({}));
    const { differences } = await ledger.rollups.mend(hourOf(NOON));

    expect(differences).toMatchObject([{ told: { calls: 1 }, ledger: { calls: 0, costNanoUsd: 0n } }]);
    expect(await toldBy(ledger)).toEqual([]);
  });

  it('knows its oldest hour, and takes calls again after it forgot old spools', async () => {
    await expect(ledger.rollups.oldest()).resolves.toBeNull();
    const batch = { spool: randomUUID(), seq: 5 };
    await ledger.usage.insertMany([aUsageRecord({ receivedAt: NOON + HOUR_MS })], batch);
    await ledger.usage.insertMany([aUsageRecord()], { ...batch, seq: 6 });
    await expect(ledger.rollups.oldest()).resolves.toBe(hourOf(NOON));
    await ledger.rollups.forgetSpools(Date.now() + 1000);
    await ledger.usage.insertMany([aUsageRecord()], { ...batch, seq: 7 });

    await expectSameAsLedger(ledger, 2);
  });

  it('is reconciled by one at a time', async () => {
    const first = { next: 1, since: 2 };
    await expect(ledger.rollups.state()).resolves.toBeNull();
    await expect(ledger.rollups.claim(first, { now: 1000, until: 2000 })).resolves.toBe(true);
    await expect(ledger.rollups.claim(first, { now: 1999, until: 3000 })).resolves.toBe(false);
    await ledger.rollups.advance(7, 1500);
    await expect(ledger.rollups.claim({ next: 9, since: 9 }, { now: 1500, until: 3000 })).resolves.toBe(true);
    await expect(ledger.rollups.state()).resolves.toEqual({ next: 7, since: 2 });
  });
});

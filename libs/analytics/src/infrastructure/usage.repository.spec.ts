import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { aBatch, aUsageRecord, BILLED } from '../../../../test/support/usage-record.js';
import { usageRepository } from '../analytics.module.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import type { UsageRepository } from '../domain/usage.repository.js';

describe.each(await databases())('UsageRepository on %s', (_, open) => {
  let database: Database;
  let usage: UsageRepository;

  beforeAll(async () => {
    database = await open();
    usage = await usageRepository.useFactory(database);
  });
  afterAll(() => database.close());

  it('gives back exactly what was stored', async () => {
    const full = aUsageRecord({
      endUser: 'Ådа 🎈',
      tags: ['team:search', 'at "night"', '100%_'],
      stream: true,
      estimated: true,
      cached: true,
      savedNanoUsd: Number.MIN_SAFE_INTEGER,
      priceExact: false,
      firstTokenMs: 31,
      voice: {
        firstSoundMs: 40,
        bargeInMs: 0,
        relay: { frames: 9, meanUs: 30, p99Us: 70, pausedMs: 0 },
      },
      billed: { ...BILLED, serviceTier: 'flex', toolRequests: 2, vendorCharged: true },
      budgetCharges: [{ budgetId: 'b', account: 'a', window: 0, nanoUsd: 5_000_000 }],
    });
    const bare = aUsageRecord({
      provider: null,
      modelAsked: null,
      modelUsed: null,
      upstreamId: null,
      finish: null,
      errorCode: 'invalid_request',
      audioMs: 1500,
      costNanoUsd: null,
      priceExact: null,
      priceVersion: null,
    });
    await usage.insertMany([full, bare], aBatch());

    await expect(usage.known([full.id, randomUUID(), bare.id])).resolves.toHaveLength(2);
    await expect(usage.known([randomUUID(), full.id])).resolves.toEqual([full.id]);
    await expect(usage.findById(full.id)).resolves.toEqual(full);
    await expect(usage.findById(bare.id)).resolves.toEqual(bare);
    await expect(usage.findById(randomUUID())).resolves.toBeNull();
  });

  it('takes what an earlier release had left to store, before and behind records of this one', async () => {
    const {
      priceVersion: _1,
      billed: _2,
      budgetCharges: _3,
      savedNanoUsd: _4,
      voice: _5,
      endUser: _6,
      tags: _7,
      ...older
    } = aUsageRecord();
    const [before, behind] = [aUsageRecord(), aUsageRecord()];
    await usage.insertMany([older as UsageRecord], aBatch());
    await usage.insertMany([before], aBatch());
    await usage.insertMany([behind, { ...older, id: randomUUID() } as UsageRecord], aBatch());

    await expect(usage.findById(older.id)).resolves.toEqual({
      ...older,
      priceVersion: null,
      billed: null,
      budgetCharges: null,
      savedNanoUsd: 0,
      voice: null,
      endUser: null,
      tags: [],
    });
    await expect(usage.findById(before.id)).resolves.toEqual(before);
    await expect(usage.findById(behind.id)).resolves.toEqual(behind);
  });

  it('keeps money to the last nano-USD', async () => {
    const dear = aUsageRecord({ costNanoUsd: Number.MAX_SAFE_INTEGER });
    await usage.insertMany([dear], aBatch());

    await expect(usage.findById(dear.id)).resolves.toMatchObject({ costNanoUsd: Number.MAX_SAFE_INTEGER });
  });

  it('counts a batch once that comes twice, also when part of it is new', async () => {
    const projectId = randomUUID();
    const [first, second, third] = [1, 2, 3].map(() => aUsageRecord({ projectId }));
    await usage.insertMany(present([first, second]), aBatch());
    await usage.insertMany(
      present([first, second, third]).map(r => ({ ...r, costNanoUsd: 1 })),
      aBatch(),
    );

    const stored = await usage.page({ projectId }, null, 10);
    expect(stored.map(r => r.costNanoUsd).toSorted()).toEqual([1, 3_250_000, 3_250_000]);
  });

  it('takes a batch of 200, and none', async () => {
    const projectId = randomUUID();
    await usage.insertMany(
      Array.from({ length: 200 }, () => aUsageRecord({ projectId })),
      aBatch(),
    );
    await usage.insertMany([], aBatch());

    await expect(usage.page({ projectId }, null, 500)).resolves.toHaveLength(200);
  });

  it('forgets the tags of what it deletes', async () => {
    const [first, second] = [aUsageRecord({ tags: ['gone', 'kept'] }), aUsageRecord({ tags: ['kept'] })];
    await usage.insertMany([first, second], aBatch());
    await usage.delete([first.id]);
    await usage.insertMany([{ ...first, tags: ['new'] }], aBatch());

    await expect(usage.page({ tag: 'gone' }, null, 10)).resolves.toEqual([]);
    await expect(usage.page({ tag: 'kept' }, null, 10)).resolves.toEqual([second]);
  });

  it('finds the latest record of an id that a vendor used twice', async () => {
    const upstreamId = randomUUID();
    const old = aUsageRecord({ upstreamId, receivedAt: 1000 });
    const late = aUsageRecord({ upstreamId, receivedAt: 2000 });
    await usage.insertMany([late, old], aBatch());

    await expect(usage.findByUpstreamId(upstreamId)).resolves.toEqual(late);
    await expect(usage.findByUpstreamId(randomUUID())).resolves.toBeNull();
  });

  it('finds the latest record of an id of a vendor in one project', async () => {
    const upstreamId = randomUUID();
    const [own, other] = [randomUUID(), randomUUID()];
    const ours = aUsageRecord({ upstreamId, projectId: own, receivedAt: 1000 });
    await usage.insertMany(
      [ours, aUsageRecord({ upstreamId, projectId: other, receivedAt: 2000 })],
      aBatch(),
    );

    await expect(usage.findByUpstreamId(upstreamId, own)).resolves.toEqual(ours);
    await expect(usage.findByUpstreamId(upstreamId, randomUUID())).resolves.toBeNull();
  });

  it.each([
    ['project', { projectId: 'p-2' }, [1]],
    ['key', { keyId: 'k-2' }, [2]],
    ['endpoint', { endpoint: '/v1/realtime' }, [6]],
    ['vendor', { provider: 'anthropic' }, [3]],
    ['model as asked', { model: 'alias' }, [4]],
    ['model as used', { model: 'claude-x' }, [3]],
    ['outcome', { outcome: 'cut' as const }, [5]],
    ['time, from inclusive, to exclusive', { from: 1002, to: 1004 }, [3, 2]],
    ['end user', { endUser: 'ada' }, [8, 7]],
    ['tag', { tag: 'night' }, [9, 8]],
    ['tag and time', { tag: 'night', from: 1009, to: 1010 }, [9]],
    ['tag and end user', { tag: 'night', endUser: 'ada' }, [8]],
    ['several at once', { provider: 'openai', from: 1004, to: 1007 }, [6, 5, 4]],
  ])('filters by %s', async (_, filter, expected) => {
    const suffix = `-${randomUUID()}`;
    const own = (text: string) => text + suffix;
    const records = [
      {},
      { projectId: own('p-2') },
      { keyId: own('k-2') },
      { provider: own('anthropic'), modelUsed: own('claude-x') },
      { modelAsked: own('alias') },
      { outcome: 'cut' as const },
      { endpoint: own('/v1/realtime') },
      { endUser: own('ada') },
      { endUser: own('ada'), tags: [own('day'), own('night')] },
      { endUser: own('Ada'), tags: [own('night')] },
      { endUser: own('ada '), tags: [own('NIGHT')] },
    ].map((some, index) =>
      aUsageRecord({ endpoint: suffix, provider: own('openai'), ...some, receivedAt: 1000 + index }),
    );
    await usage.insertMany(records, aBatch());

    const { outcome, from, to, ...texts } = { outcome: undefined, from: undefined, to: undefined, ...filter };
    const owned = Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, own(text)]));
    const found = await usage.page({ ...owned, outcome, from, to }, null, 100);
    const mine = found.filter(r => r.endpoint.endsWith(suffix)).map(r => r.receivedAt - 1000);
    expect(mine).toEqual(expected);
  });

  it('pages through records of one millisecond without losing or repeating any', async () => {
    const projectId = randomUUID();
    const records = Array.from({ length: 25 }, (_, i) =>
      aUsageRecord({ projectId, receivedAt: 5000 + Math.floor(i / 10) }),
    );
    await usage.insertMany(records, aBatch());

    const seen: UsageRecord[] = [];
    for (let page = await usage.page({ projectId }, null, 4); page.length > 0;) {
      seen.push(...page);
      page = await usage.page({ projectId }, seen.at(-1) ?? null, 4);
    }
    const latestFirst = records.toSorted((a, b) => b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1));
    expect(seen.map(r => r.id)).toEqual(latestFirst.map(r => r.id));
  });
});

function present(records: readonly (UsageRecord | undefined)[]): UsageRecord[] {
  return records.filter(r => r !== undefined);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { InvalidRequestError, NotFoundError, SharedModule, validationPipe } from '@app/shared';
import { NoOtherFeatures } from '../../../../test/support/no-other-features.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { AnalyticsModule } from '../analytics.module.js';
import { UsageRepository } from '../domain/usage.repository.js';
import { UsageController } from './usage.controller.js';
import { type UsagePage, UsageQuery } from './usage.dto.js';

describe('the usage API', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'analytics-'));
  let app: INestApplication;
  let usage: UsageController;
  const pipe = validationPipe();
  const noon = Date.UTC(2026, 10, 24, 12);
  const records = Array.from({ length: 7 }, (_, i) =>
    aUsageRecord({
      id: `call-${i}`,
      upstreamId: `upstream-${i}`,
      receivedAt: noon + Math.floor(i / 3) * 1000, // three of each second
      outcome: i === 5 ? 'cut' : 'completed',
    }),
  );

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [
        SharedModule.forRoot({
          AI_GATEWAY_DATABASE_URL: 'sqlite::memory:',
          AI_GATEWAY_DATA_DIR: dataDir,
          AI_GATEWAY_LOG_LEVEL: 'silent',
        }),
        AnalyticsModule,
        NoOtherFeatures,
      ],
    }).compile();
    app = module.createNestApplication();
    usage = app.get(UsageController, { strict: false });
    await app.get(UsageRepository, { strict: false }).insertMany(records, aBatch());
  });
  afterAll(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true });
  });

  /** The query as it comes over the wire, through the pipe that the gateway has for all. */
  async function list(query: Record<string, string>): Promise<UsagePage> {
    return usage.list((await pipe.transform(query, { type: 'query', metatype: UsageQuery })) as UsageQuery);
  }

  async function ids(query: Record<string, string>): Promise<string[]> {
    return (await list(query)).data.map(({ id }) => id);
  }

  it('lists the latest first, with times as people write them', async () => {
    const { data, next } = await list({});

    expect(data.map(({ id }) => id)).toEqual(records.map(({ id }) => id).toReversed());
    expect(data.at(-1)).toEqual({ ...records[0], receivedAt: '2026-11-24T12:00:00.000Z' });
    expect(next).toBeNull();
  });

  it.each(['1', '2', '3', '7'])('pages by %s without losing or repeating any', async limit => {
    const seen: string[] = [];
    let page = await list({ limit });
    seen.push(...page.data.map(({ id }) => id));
    while (page.next !== null) {
      page = await list({ limit, after: page.next });
      seen.push(...page.data.map(({ id }) => id));
    }

    expect(seen).toEqual(records.map(({ id }) => id).toReversed());
  });

  it('filters', async () => {
    expect(await ids({ outcome: 'cut' })).toEqual(['call-5']);
    expect(await ids({ model: 'gpt-4o', from: '2026-11-24T13:00:02+01:00' })).toEqual(['call-6']);
    expect(await ids({ to: '2026-11-24T12:00:01Z', limit: '1' })).toEqual(['call-2']);
    expect(await ids({ from: '2026-11-25' })).toEqual([]);
    expect(await ids({ projectId: 'nobody' })).toEqual([]);
  });

  it('finds a call by our id and by the vendor’s', async () => {
    await expect(usage.get('call-3')).resolves.toMatchObject({ id: 'call-3' });
    await expect(usage.get('upstream-4')).resolves.toMatchObject({ id: 'call-4' });
    await expect(usage.get('unknown')).rejects.toThrow(NotFoundError);
  });

  it.each([
    ['limit', '0'],
    ['limit', '201'],
    ['limit', 'ten'],
    ['outcome', 'lost'],
    ['from', 'yesterday'],
    ['from', '2026-02-30'],
    ['to', '2026-W47-2'],
    ['to', '2026-11-24T10:00:00'],
    ['colour', 'blue'],
  ])('names the bad field in %s=%s', async (field, value) => {
    await expect(list({ [field]: value })).rejects.toMatchObject({ status: 400, param: field });
  });

  it('refuses a cursor that is not ours', async () => {
    await expect(list({ after: 'somewhere' })).rejects.toThrow(InvalidRequestError);
    await expect(list({ after: 'somewhere' })).rejects.toMatchObject({ status: 400, param: 'after' });
  });
});

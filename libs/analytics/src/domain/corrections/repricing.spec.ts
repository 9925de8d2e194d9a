import { CATALOGUE_VERSION } from '@app/providers';
import { ConflictError, InvalidRequestError, NotFoundError } from '@app/shared';
import { openPricing, type TestPricing } from '../../../../../test/support/pricing.js';
import { BY, openProjects, type TestProjects } from '../../../../../test/support/projects.js';
import { aBatch, aUsageRecord, BILLED } from '../../../../../test/support/usage-record.js';
import { correctionRepository, usageRepository } from '../../analytics.module.js';
import type { UsageRecord } from '../usage-record.entity.js';
import type { UsageRepository } from '../usage.repository.js';
import type { CorrectionRepository } from './correction.repository.js';
import { correctionOf, SETTLED } from './correction-chain.js';
import { Repricing, type RepricingOrder, type RepricingReport } from './repricing.service.js';

const DAY = Date.UTC(2026, 10, 24);

let test: TestProjects;
let pricing: TestPricing;
let records: UsageRepository;
let corrections: CorrectionRepository;
let repricing: Repricing;

beforeEach(async () => {
  test = await openProjects();
  pricing = await openPricing(test);
  records = await usageRepository.useFactory(test.database);
  corrections = await correctionRepository.useFactory(test.database);
  repricing = new Repricing(records, corrections, pricing.lists, test.audit);
});
afterEach(() => test.database.close());

/** The next list: so many USD for a token, in and out. */
const put = (usd: number): Promise<void> =>
  pricing.changes.replace(BY, { 'openai/m': { input_cost_per_token: usd, output_cost_per_token: usd } });

const run = (some: Partial<RepricingOrder> = {}): Promise<RepricingReport> =>
  repricing.run(BY, { from: DAY, to: DAY + 1000, version: '1', dryRun: false, ...some });

/** Of ten tokens, at list 1 that puts 1000 nano-USD on each. */
function aCall(some: Partial<UsageRecord> = {}): UsageRecord {
  return aUsageRecord({
    modelUsed: 'm',
    modelSent: null,
    inputTokens: 8,
    cacheReadTokens: 0,
    outputTokens: 2,
    reasoningTokens: 0,
    costNanoUsd: 10_000,
    priceVersion: `${CATALOGUE_VERSION}+1`,
    receivedAt: DAY,
    ...some,
  });
}

async function chainOf({ id }: UsageRecord): Promise<unknown[]> {
  const found = await corrections.findOf([id]);
  return found.map(({ number, fromVersion, toVersion, costNanoUsd, differenceNanoUsd }) => [
    number,
    fromVersion?.replace(/.*\+/, '') ?? null,
    toVersion.replace(/.*\+/, ''),
    costNanoUsd,
    differenceNanoUsd,
  ]);
}

describe('a repricing', () => {
  it('tells what would change, and changes nothing as a dry run', async () => {
    await put(1e-6);
    await put(3e-6);
    const call = aCall();
    await records.insertMany([call], aBatch());
    const report = await run({ version: '2', dryRun: true });

    expect(report).toEqual({
      priceVersion: `${CATALOGUE_VERSION}+2`,
      dryRun: true,
      records: 1,
      changed: 1,
      unknown: 0,
      skipped: { vendorCharged: 0, notPriced: 0, otherModels: 0, settled: 0 },
      oldNanoUsd: '10000',
      newNanoUsd: '30000',
      differenceNanoUsd: '20000',
      models: [
        {
          provider: 'openai',
          model: 'm',
          records: 1,
          changed: 1,
          oldNanoUsd: '10000',
          newNanoUsd: '30000',
          differenceNanoUsd: '20000',
        },
      ],
      next: null,
    });
    await expect(chainOf(call)).resolves.toEqual([]);
    await expect(test.audit.list({ action: 'usage.reprice' }, { limit: 10 })).resolves.toMatchObject({
      data: [],
    });
  });

  it('is applied once, and a chain of them adds up to what the call costs now', async () => {
    await put(1e-6);
    await put(3e-6);
    const call = aCall();
    const unpriced = aCall({ costNanoUsd: null });
    await records.insertMany([call, unpriced], aBatch());
    await expect(run({ version: '2' })).resolves.toMatchObject({ changed: 2, differenceNanoUsd: '50000' });
    await expect(run({ version: '2' })).resolves.toMatchObject({ changed: 0, oldNanoUsd: '60000' });
    await run({ version: '1' });
    await run({ version: '2' });

    await expect(chainOf(call)).resolves.toEqual([
      [1, '1', '2', 30_000, 20_000],
      [2, '2', '1', 10_000, -20_000],
      [3, '1', '2', 30_000, 20_000],
    ]);
    await expect(chainOf(unpriced)).resolves.toEqual([
      [1, null, '2', 30_000, 30_000],
      [2, '2', '1', 10_000, -20_000],
      [3, '1', '2', 30_000, 20_000],
    ]);
    await expect(records.findById(call.id)).resolves.toEqual(call);
    const { data } = await test.audit.list({ action: 'usage.reprice' }, { limit: 10 });
    expect(data).toHaveLength(4);
    expect(data[0]).toMatchObject({ outcome: 'made', after: { priceVersion: `${CATALOGUE_VERSION}+2` } });
  });

  it('guesses nothing: it counts what it cannot reckon, and leaves it alone', async () => {
    await put(9e-6);
    const left = [
      aCall({ billed: { ...BILLED, vendorCharged: true }, priceVersion: null }),
      aCall({ priceVersion: null }),
      aCall({ billed: { ...BILLED, otherModels: 1 } }),
      aCall({ modelUsed: 'unheard-of' }),
      aCall({ billed: { ...BILLED, searchUnits: 1 } }),
      aCall({ provider: null }),
    ];
    await records.insertMany([...left, aCall({ modelUsed: 'm-2026', modelSent: 'm' })], aBatch());

    await expect(run()).resolves.toMatchObject({
      records: 7,
      changed: 1,
      unknown: 3,
      skipped: { vendorCharged: 1, notPriced: 1, otherModels: 1, settled: 0 },
      oldNanoUsd: '10000',
      newNanoUsd: '90000',
    });
    for (const record of left) {
      await expect(chainOf(record)).resolves.toEqual([]);
    }
  });

  it('leaves alone what somebody said', async () => {
    await put(9e-6);
    const call = aCall({ estimated: true });
    await records.insertMany([call], aBatch());
    await corrections.insertMany([correctionOf(call, undefined, { cost: 7, version: SETTLED }, BY)]);

    await expect(run()).resolves.toMatchObject({ records: 1, changed: 0, skipped: { settled: 1 } });
    await expect(chainOf(call)).resolves.toHaveLength(1);
  });

  it('takes the records of its time, project, vendor and model, in pages', async () => {
    await put(2e-6);
    const inside = Array.from({ length: 450 }, (_, at) => aCall({ receivedAt: DAY + at }));
    const others = [
      aCall({ receivedAt: DAY - 1 }),
      aCall({ receivedAt: DAY + 1000 }),
      aCall({ projectId: 'other' }),
      aCall({ provider: 'groq' }),
      aCall({ modelUsed: 'n' }),
    ];
    for (const page of [inside.slice(0, 200), inside.slice(200, 400), inside.slice(400), others]) {
      await records.insertMany(page, aBatch());
    }
    const filter = { projectId: 'project-1', provider: 'openai', model: 'm' };

    await expect(run(filter)).resolves.toMatchObject({ records: 450, changed: 450, next: null });
    for (const record of others) {
      await expect(chainOf(record)).resolves.toEqual([]);
    }
  });

  it('ends when it has seen enough, and goes on from there', async () => {
    await put(2e-6);
    const calls = Array.from({ length: 300 }, (_, at) => aCall({ receivedAt: DAY + at }));
    await records.insertMany(calls.slice(0, 200), aBatch());
    await records.insertMany(calls.slice(200), aBatch());
    const short = new (class extends Repricing {
      protected override readonly mostRecords = 200;
    })(records, corrections, pricing.lists, test.audit);
    const order = { from: DAY, to: DAY + 1000, version: '1', dryRun: false };
    const first = await short.run(BY, order);
    const second = await short.run(BY, { ...order, after: first.next ?? '' });

    expect(first).toMatchObject({ records: 200, changed: 200, next: expect.any(String) });
    expect(second).toMatchObject({ records: 100, changed: 100, next: null });
  });

  it('adds up exactly beyond 2⁵³', async () => {
    await put(1);
    const dear = aCall({ costNanoUsd: Number.MAX_SAFE_INTEGER, inputTokens: 9_000_000, outputTokens: 0 });
    await records.insertMany([dear, { ...dear, id: 'again' }, { ...dear, id: 'once-more' }], aBatch());
    const old = 3n * BigInt(Number.MAX_SAFE_INTEGER);

    await expect(run()).resolves.toMatchObject({
      oldNanoUsd: String(old),
      newNanoUsd: '27000000000000000',
      differenceNanoUsd: String(27_000_000_000_000_000n - old),
    });
  });

  it('refuses times and versions that make no sense, and a second one at the same time', async () => {
    await put(1e-6);
    await expect(run({ to: DAY })).rejects.toThrow(InvalidRequestError);
    await expect(run({ to: Number.NaN })).rejects.toThrow(InvalidRequestError);
    await expect(run({ version: 'latest' })).rejects.toThrow(InvalidRequestError);
    await expect(run({ version: '7' })).rejects.toThrow(NotFoundError);
    await expect(run({ after: 'x' })).rejects.toThrow(InvalidRequestError);

    const both = await Promise.allSettled([run({ dryRun: true }), run()]);
    const refused = both.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: expect.any(ConflictError) }]);
    await expect(run()).resolves.toMatchObject({ records: 0 });
  });
});

import { aCall } from '../../../../test/support/call.js';
import { CATALOGUE_VERSION, cost, PriceBook, PriceList, toOverrides } from '@app/providers';
import { Config, createLogger, type Database } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { openLedger } from '../../../../test/support/open-ledger.js';
import { TestSpools } from '../../../../test/support/spools.js';
import { usageRepository } from '../analytics.module.js';
import { decisionRepository } from '../decisions.module.js';
import { usageIn } from './billed-facts.js';
import type { CallMeter } from './call-meter.js';
import type { DecisionRepository } from './decision.repository.js';
import { Metering } from './metering.js';
import { UsageRecorder } from './usage.recorder.js';
import type { UsageRecord } from './usage-record.entity.js';
import type { UsageRepository } from './usage.repository.js';

describe('CallMeter', () => {
  let database: Database;
  let store: UsageRepository;
  let decisions: DecisionRepository;
  let recorder: UsageRecorder;
  let meter: CallMeter;
  let spools: TestSpools;

  beforeEach(async () => {
    spools = new TestSpools();
    database = openInMemory();
    store = await usageRepository.useFactory(database);
    decisions = await decisionRepository.useFactory(database);
    recorder = new UsageRecorder(await openLedger(store, decisions), spools.open(), createLogger('silent'));
    meter = new Metering(new PriceBook(new Config()), recorder).open(aCall(), '/v1/chat/completions');
  });
  afterEach(async () => {
    await database.close();
    spools.remove();
  });

  async function records(): Promise<unknown[]> {
    await recorder.flush();
    return store.page({}, null, 100);
  }

  it('names no model of a vendor that was not asked: keys may be refused any name', async () => {
    Object.assign(meter, { modelAsked: 'openai/made-up', provider: 'openai', modelSent: 'made-up' });
    await meter.close({ status: 403, outcome: 'failed', errorCode: 'model_not_allowed' });

    await expect(records()).resolves.toMatchObject([{ modelAsked: 'openai/made-up', modelUsed: null }]);
  });

  it('keeps the version of the prices that the whole call was reckoned with, whatever came into force meanwhile', async () => {
    const book = new PriceBook(new Config());
    book.use(new PriceList(toOverrides({ 'openai/gpt-4o': { input_cost_per_token: 1e-6 } }), 1));
    const begun = new Metering(book, recorder).open(aCall(), '/v1/chat/completions');
    book.use(new PriceList(toOverrides({ 'openai/gpt-4o': { input_cost_per_token: 9e-6 } }), 2));
    Object.assign(begun, { provider: 'openai', modelUsed: 'gpt-4o', attempts: 2 });
    begun.leaveAttempt({ provider: 'openai', model: 'gpt-4o' }, { inputTokens: 7, outputTokens: 0 });
    begun.usage = { inputTokens: 5, outputTokens: 0 };
    begun.modelUsed = 'gpt-4o';

    expect(begun.totalNanoUsd()).toBe(12_000);
    begun.close({ status: 200, outcome: 'completed' });
    const version = `${CATALOGUE_VERSION}+1`;
    const costs = (await records()) as UsageRecord[];
    expect(costs.map(({ costNanoUsd, priceVersion }) => ({ costNanoUsd, priceVersion }))).toEqual(
      expect.arrayContaining([
        { costNanoUsd: 7000, priceVersion: version },
        { costNanoUsd: 5000, priceVersion: version },
      ]),
    );
  });

  it('keeps no version of prices where none was asked for', async () => {
    Object.assign(meter, { provider: 'openai', modelUsed: 'gpt-4o', attempts: 1 });
    meter.usage = { inputTokens: 5, outputTokens: 0, providerCostUsd: 0.5 };
    meter.close({ status: 200, outcome: 'completed' });

    await expect(records()).resolves.toMatchObject([{ costNanoUsd: 500_000_000, priceVersion: null }]);
  });

  it('leaves how the vendor was chosen beside the record, and nothing when nothing was', async () => {
    meter.close({ status: 200, outcome: 'completed' });
    await recorder.flush();
    await expect(decisions.page({}, null, 10)).resolves.toEqual([]);

    const decided = new Metering(new PriceBook(new Config()), recorder).open(
      { ...aCall(), id: 'call-2' },
      '/v1/chat/completions',
    );
    decided.decision = { plan: { order: [1, 0] }, outcome: 'completed' };
    decided.close({ status: 200, outcome: 'completed' });
    await recorder.flush();

    const { projectId, receivedAt } = aCall();
    await expect(decisions.page({}, null, 10)).resolves.toEqual([
      {
        id: 'call-2',
        projectId,
        receivedAt,
        decision: '{"*form":2,"plan":{"order":[1,0]},"outcome":"completed"}',
      },
    ]);
  });

  it('tells what abandoned attempts cost with the one that answers, and records each by itself', async () => {
    const usage = { inputTokens: 1000, outputTokens: 100 };
    Object.assign(meter, { provider: 'openai', modelSent: 'gpt-4o', attempts: 3 });
    meter.leaveAttempt({ provider: 'openai', model: 'gpt-4o' }, usage);
    meter.leaveAttempt({ provider: 'openai', model: 'gpt-4o' }, usage);
    meter.usage = usage;
    const total = meter.totalNanoUsd();
    meter.close({ status: 200, outcome: 'completed' });

    const left = (await records()) as UsageRecord[];
    expect(total).toBe(3 * 3_500_000);
    expect(left.map(({ costNanoUsd }) => costNanoUsd)).toEqual([3_500_000, 3_500_000, 3_500_000]);
    expect(new Set(left.map(({ id }) => id)).size).toBe(3);
  });

  it('does not know what a call costs while nobody knows what an abandoned attempt did', () => {
    Object.assign(meter, { provider: 'openai', modelSent: 'gpt-4o', attempts: 2 });
    meter.leaveAttempt({ provider: 'openai', model: 'gpt-4o' }, null);
    meter.usage = { inputTokens: 1000, outputTokens: 100 };

    expect(meter.totalNanoUsd()).toBeNull();
  });

  it('leaves one record with everything it was told', async () => {
    Object.assign(meter, {
      modelAsked: 'openai/gpt-4o',
      provider: 'openai',
      modelUsed: 'gpt-4o-2024-08-06',
      upstreamId: 'chatcmpl-9',
      stream: true,
      finish: 'length',
      attempts: 2,
      firstTokenAt: 1_000_040.4,
      usage: {
        inputTokens: 1000,
        cacheReadTokens: 200,
        cacheWriteTokens: 3,
        outputTokens: 100,
        reasoningTokens: 10,
        audioInputTokens: 4,
        audioOutputTokens: 5,
        audioSeconds: 1.2345,
        estimated: true,
      },
    });
    meter.noteUser({ user: 'ada' });
    const cost = meter.totalNanoUsd();
    meter.close({ status: 200, outcome: 'cut', errorCode: 'upstream_cut' });

    expect(await records()).toEqual([
      {
        id: '0199-call',
        projectId: 'project-1',
        keyId: 'key-1',
        endUser: 'ada',
        tags: [],
        endpoint: '/v1/chat/completions',
        provider: 'openai',
        modelAsked: 'openai/gpt-4o',
        modelUsed: 'gpt-4o-2024-08-06',
        modelSent: null,
        upstreamId: 'chatcmpl-9',
        stream: true,
        outcome: 'cut',
        status: 200,
        finish: 'length',
        errorCode: 'upstream_cut',
        inputTokens: 1000,
        cacheReadTokens: 200,
        cacheWriteTokens: 3,
        outputTokens: 100,
        reasoningTokens: 10,
        audioInputTokens: 4,
        audioOutputTokens: 5,
        audioMs: 1235,
        billed: null,
        budgetCharges: null,
        estimated: true,
        costNanoUsd: cost,
        priceExact: true,
        priceVersion: CATALOGUE_VERSION,
        latencyMs: expect.any(Number),
        firstTokenMs: 40,
        voice: null,
        attempts: 2,
        cached: false,
        savedNanoUsd: 0,
        receivedAt: Date.UTC(2026, 10, 24),
      },
    ]);
  });

  it('is closed once, whoever closes it after', async () => {
    meter.close({ status: 200, outcome: 'completed' });
    meter.close({ status: 499, outcome: 'aborted' });

    expect(await records()).toMatchObject([{ status: 200, outcome: 'completed' }]);
  });

  it('knows the cost before it is closed', () => {
    answered('openai', 'gpt-4o', { inputTokens: 1000, cacheReadTokens: 200, outputTokens: 100 });

    expect(meter.totalNanoUsd()).toBe(3_250_000);
  });

  it('never takes an unknown price or usage for nothing', async () => {
    meter.provider = 'openai';
    meter.attempts = 1;
    expect(meter.totalNanoUsd()).toBeNull();
    answered('openai', 'gpt-unheard-of', { inputTokens: 1, outputTokens: 1 });
    expect(meter.totalNanoUsd()).toBeNull();

    meter.close({ status: 200, outcome: 'completed' });
    expect(await records()).toMatchObject([{ costNanoUsd: null, priceExact: null }]);
  });

  it('says that a call no vendor was asked for cost nothing', async () => {
    meter.close({ status: 400, outcome: 'failed', errorCode: 'invalid_request' });

    expect(await records()).toMatchObject([
      {
        costNanoUsd: 0,
        provider: null,
        modelAsked: null,
        modelUsed: null,
        inputTokens: 0,
        firstTokenMs: null,
      },
    ]);
  });

  it('takes the price of the model asked for when the name that answered is unknown', () => {
    answered('openai', 'our-deployment-7', { inputTokens: 1000, outputTokens: 0 });
    meter.modelSent = 'gpt-4o';

    expect(meter.totalNanoUsd()).toBe(2_500_000);
  });

  it('costs what its record is reckoned anew to, also where the vendor told fractions', async () => {
    Object.assign(meter, { provider: 'openai', modelUsed: 'gpt-4o', attempts: 1 });
    meter.usage = { inputTokens: 100.5, cacheReadTokens: 10.4, outputTokens: 10.5 };
    await meter.close({ status: 200, outcome: 'completed' });
    const [record] = (await records()) as UsageRecord[];
    const price = new PriceBook(new Config()).priceOf('openai', 'gpt-4o', Date.now());

    expect(record).toMatchObject({ inputTokens: 101, cacheReadTokens: 10, outputTokens: 11 });
    expect(record?.costNanoUsd).toBe(record && cost(price, usageIn(record)));
  });

  it('adds the tokens of other models, unless the vendor named the whole sum', () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 10,
      extra: [{ model: 'claude-haiku-4-5', inputTokens: 1000, outputTokens: 100 }],
    };
    answered('anthropic', 'claude-sonnet-5', usage);
    // 100 × $2 + 10 × $10, and 1000 × $1 + 100 × $5, per million
    expect(meter.totalNanoUsd()).toBe(300_000 + 1_500_000);
    meter.usage = { ...usage, providerCostUsd: 0.5 };
    expect(meter.totalNanoUsd()).toBe(500_000_000);
    meter.usage = { ...usage, extra: [{ model: 'claude-unheard', inputTokens: 1, outputTokens: 1 }] };
    expect(meter.totalNanoUsd()).not.toBe(300_000);
  });

  it('marks prices that were guessed', async () => {
    answered('anthropic', 'claude-sonnet-5-5', { inputTokens: 1, outputTokens: 1 });
    meter.close({ status: 200, outcome: 'completed' });

    expect(await records()).toMatchObject([{ priceExact: false, costNanoUsd: 12_000 }]);
  });

  it('leaves a record that every store can take, whatever was sent', async () => {
    answered('openai', `gpt-\0${'x'.repeat(5000)}`, {
      inputTokens: Number.NaN,
      outputTokens: 1.5,
      cacheReadTokens: -1,
      reasoningTokens: Number.POSITIVE_INFINITY,
    });
    meter.modelAsked = 'm'.repeat(100_000);
    meter.close({ status: 200, outcome: 'completed' });

    expect(await records()).toMatchObject([
      {
        modelAsked: 'm'.repeat(191),
        modelUsed: `gpt-${'x'.repeat(186)}`,
        inputTokens: 0,
        outputTokens: 2,
        cacheReadTokens: 0,
        reasoningTokens: 0,
      },
    ]);
  });

  function answered(provider: string, model: string, usage: CallMeter['usage']): void {
    Object.assign(meter, { provider, modelUsed: model, usage, attempts: 1 });
  }
});

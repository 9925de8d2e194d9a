import { aCall } from '../../../../../test/support/call.js';
import type { Usage } from '@app/dialects';
import { PriceBook, PriceList, toOverrides } from '@app/providers';
import { Config, createLogger } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { openLedger } from '../../../../../test/support/open-ledger.js';
import { fc } from '../../../../../test/support/properties.js';
import { TestSpools } from '../../../../../test/support/spools.js';
import { usageRepository } from '../../analytics.module.js';
import { decisionRepository } from '../../decisions.module.js';
import { Metering } from '../metering.js';
import { UsageRecorder } from '../usage.recorder.js';
import { repriced } from './repriced.js';

it('what a record keeps costs the same again by the same prices', async () => {
  const rates = {
    input_cost_per_token: 1.5e-6,
    output_cost_per_token: 7e-6,
    cache_read_input_token_cost: 3e-7,
    cache_creation_input_token_cost: 2e-6,
    cache_creation_input_token_cost_above_1hr: 5e-6,
    input_cost_per_audio_token: 9e-6,
    output_cost_per_audio_token: 1.1e-5,
    input_cost_per_image_token: 4e-6,
    output_cost_per_image_token: 3e-5,
    output_cost_per_reasoning_token: 8e-6,
    input_cost_per_token_above_200k_tokens: 3e-6,
    input_cost_per_token_flex: 7e-7,
    output_cost_per_token_priority: 9e-6,
    input_cost_per_query: 0.002,
    web_search_cost_per_request: 0.01,
    input_cost_per_request: 0.001,
  };
  const book = new PriceBook(new Config());
  book.use(
    new PriceList(toOverrides({ 'openai/m': rates, 'openai/timed': { input_cost_per_second: 1e-4 } }), 1),
  );
  const spools = new TestSpools();
  const database = openInMemory();
  const records = await usageRepository.useFactory(database);
  const decisions = await decisionRepository.useFactory(database);
  const recorder = new UsageRecorder(
    await openLedger(records, decisions),
    spools.open(),
    createLogger('silent'),
  );
  const metering = new Metering(book, recorder);
  const count = fc.integer({ min: 0, max: 300_000 });
  const some = fc.option(count, { nil: undefined });
  const usages: fc.Arbitrary<Usage> = fc.record({
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: some,
    cacheWriteTokens: some,
    cacheWrite1hTokens: some,
    reasoningTokens: some,
    audioInputTokens: some,
    audioOutputTokens: some,
    imageInputTokens: some,
    imageOutputTokens: some,
    searchUnits: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    characters: fc.option(fc.integer({ min: 0, max: 4096 }), { nil: undefined }),
    serverToolRequests: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    audioSeconds: fc.option(fc.double({ min: 0, max: 9999, noNaN: true }), { nil: undefined }),
    serviceTier: fc.constantFrom(undefined, 'default', 'flex', 'priority', 'FLEX', 'unheard-of'),
  });
  const models = fc.constantFrom(
    { modelUsed: 'm', modelSent: 'm' },
    { modelUsed: 'm-2026', modelSent: 'm' },
    { modelUsed: null, modelSent: 'm' },
    { modelUsed: 'timed', modelSent: 'm' },
    { modelUsed: 'tts-1', modelSent: 'm' },
    { modelUsed: 'gpt-4o', modelSent: 'm' },
  );
  let calls = 0;
  await fc.assert(
    fc.asyncProperty(usages, models, async (usage, names) => {
      calls += 1;
      const id = `call-${calls}`;
      const meter = metering.open(aCall({ id }), '/v1/chat/completions');
      Object.assign(meter, { provider: 'openai', attempts: 1, usage, ...names });
      await meter.close({ status: 200, outcome: 'completed' });
      await recorder.flush();
      const record = await records.findById(id);

      expect(record && repriced(record, book.inForce)).toEqual(record?.costNanoUsd);
    }),
    { numRuns: 200 },
  );
  await database.close();
  spools.remove();
});

// `npm run bench:planning [-- --slices N --check]`: the CPU time of deciding where a call goes; see README.md.
import { parseArgs } from 'node:util';
import { estimateUsage } from '../dist/libs/inference/src/domain/estimate.js';
import { catalog, ModelBook, PriceBook, ProviderRegistry } from '../dist/libs/providers/src/index.js';
import { KeyCooldowns } from '../dist/libs/routing/src/domain/health/key-cooldowns.js';
import { KeyPool } from '../dist/libs/routing/src/domain/health/key-pool.js';
import { Random } from '../dist/libs/routing/src/domain/health/random.js';
import { TargetHealth } from '../dist/libs/routing/src/domain/health/target-health.js';
import { ModelRouter } from '../dist/libs/routing/src/domain/model-router.js';
import { CandidateFacts } from '../dist/libs/routing/src/domain/planning/candidate-facts.js';
import { Choices } from '../dist/libs/routing/src/domain/planning/choices.js';
import { Decisions } from '../dist/libs/routing/src/domain/planning/decisions.js';
import { WarmPrompts } from '../dist/libs/routing/src/domain/planning/warm-prompts.js';
import { compile, completed } from '../dist/libs/routing/src/domain/policies/policy-definition.js';
import { STRATEGIES } from '../dist/libs/routing/src/domain/policies/strategy.js';
import { VendorKeys } from '../dist/libs/routing/src/domain/vendor-keys.js';
import { Clock, readConfig } from '../dist/libs/shared/src/index.js';
import { requestBody } from './scenarios.mjs';

/** Microseconds of CPU that a plan may cost, by how many candidates there are. */
const BUDGETS = [
  [3, 5],
  [20, 30],
];
const CALLS = 2000;
const MODELS = {
  openai: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o', 'gpt-4o-mini', 'o3'],
  anthropic: ['claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-opus-4-1', 'claude-sonnet-4-0'],
  google: ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-2.0-flash'],
  mistral: ['mistral-large-latest', 'mistral-small-latest'],
  xai: ['grok-4', 'grok-3-mini'],
};

const { values: options } = parseArgs({
  options: { slices: { type: 'string', default: '31' }, check: { type: 'boolean', default: false } },
});
const targets = interleaved(Object.entries(MODELS));
const { decisions, health } = planning();
for (const strategy of STRATEGIES) {
  await measure(questionOf(targets, strategy, 20_480)); // compiled for all of them, as in a gateway that has run for a while
}
let isOver = false;
for (const [candidates, budget] of BUDGETS) {
  for (const bytes of [1024, 20_480]) {
    for (const strategy of STRATEGIES) {
      const micros = await measure(questionOf(targets.slice(0, candidates), strategy, bytes));
      const verdict = bytes > 1024 ? '' : micros > budget ? `  OVER ${budget}` : `  held, ${budget}`;
      isOver ||= verdict.includes('OVER');
      const name = `${candidates} candidates, ${bytes / 1024} kB, ${strategy}`;
      console.log(`${name.padEnd(36)} ${micros.toFixed(2).padStart(7)} µs${verdict}`);
    }
  }
}
process.exitCode = options.check && isOver ? 1 : 0;

/** The real parts, put together as the gateway has them; of the store only what it said lately. */
function planning() {
  const config = readConfig({ AI_GATEWAY_SIMULATOR: 'off' });
  const registry = new ProviderRegistry(catalog, config);
  const router = new ModelRouter(registry, new ModelBook(config));
  const prices = new PriceBook(config);
  const clock = new Clock();
  const random = new Random();
  const cooldowns = new KeyCooldowns(clock);
  const health = new TargetHealth(clock, random);
  const warm = new WarmPrompts(clock);
  const known = [{ id: 'one', secret: 'none', weight: 1 }];
  const keys = new VendorKeys({ peekKeysOf: () => known }, registry);
  const choices = new Choices(router, registry, prices, keys);
  const facts = new CandidateFacts(prices, health, new KeyPool(cooldowns, clock), warm);
  return { decisions: new Decisions(choices, facts, warm, random), health };
}

function questionOf(models, strategy, bytes) {
  const definition = completed({ targets: models.map(model => ({ model, weight: 1 })), strategy });
  const record = { id: 'id', projectId: 'project', name: 'fast', version: 1, createdAt: 0, updatedAt: 0 };
  const policy = compile({ ...record, definition: JSON.stringify(definition) });
  const body = JSON.parse(requestBody({ bytes, model: 'fast', stream: false }));
  const call = { projectId: 'project', permission: null, routing: null, receivedAt: Date.now() };
  const inputTokens = estimateUsage(body, 0).inputTokens;
  const request = { call, model: 'fast', body, stream: false, countInput: () => inputTokens };
  for (const model of models) {
    health.of(model).answered({ ttftMs: 300 + model.length, size: 4 });
    health.of(model).produced({ tokensPerSecond: 80, outputTokens: 200, size: 4 });
  }
  return { request, names: [{ name: 'fast', policy }], wishes: null, ranking: null };
}

/** The lower quartile of many slices: what disturbs a slice only makes it longer. */
async function measure(question) {
  const slices = [];
  for (let slice = 0; slice < Number(options.slices) + 5; slice++) {
    const before = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) {
      await decisions.of(question);
    }
    const { user, system } = process.cpuUsage(before);
    slices.push((user + system) / CALLS);
  }
  return slices.slice(5).toSorted((one, two) => one - two)[Math.floor(Number(options.slices) / 4)];
}

function interleaved(vendors) {
  const most = Math.max(...vendors.map(([, models]) => models.length));
  return Array.from({ length: most }, (_, at) => at).flatMap(at =>
    vendors.flatMap(([vendor, models]) => (models[at] === undefined ? [] : [`${vendor}/${models[at]}`])),
  );
}

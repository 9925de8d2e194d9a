import { catalog, ModelBook, type Price, PriceBook, ProviderRegistry, type Rates } from '@app/providers';
import { readConfig } from '@app/shared';
import { Chance } from '../../../../../test/support/random-snapshots.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { KeyCooldowns } from '../health/key-cooldowns.js';
import { KeyPool } from '../health/key-pool.js';
import { Random } from '../health/random.js';
import { TargetHealth } from '../health/target-health.js';
import { ModelRouter } from '../model-router.js';
import { CandidateFacts, type CandidateRequest } from './candidate-facts.js';
import { plan } from './plan.js';
import type { RoutingPlan, RoutingSnapshot } from './routing-snapshot.js';
import { WarmPrompts } from './warm-prompts.js';

const REQUESTS = 10_000;
const USUAL_OUTPUT = 256n;
const MILLION = 1_000_000n;
const MODELS = [
  'openai/gpt-5',
  'openai/gpt-5-mini',
  'openai/gpt-5-nano',
  'openai/gpt-4.1',
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'openai/o3',
  'anthropic/claude-sonnet-4-5',
  'anthropic/claude-haiku-4-5',
  'anthropic/claude-opus-4-1',
  'google/gemini-2.5-pro',
  'google/gemini-2.5-flash',
  'google/gemini-2.5-flash-lite',
  'mistral/mistral-large-latest',
  'mistral/mistral-small-latest',
  'xai/grok-4',
  'deepseek/deepseek-chat',
  'groq/llama-3.3-70b-versatile',
  'perplexity/sonar-pro',
  'openai/a-model-that-nobody-prices',
] as const;

const config = readConfig({});
const prices = new PriceBook(config);
const router = new ModelRouter(new ProviderRegistry(catalog, config), new ModelBook(config));
const clock = new TestClock();
const health = new TargetHealth(clock, new Random());
const warm = new WarmPrompts(clock);
const facts = new CandidateFacts(prices, health, new KeyPool(new KeyCooldowns(clock), clock), warm);

/** A request, where its prompt is cached, and how long answers usually are there. */
interface Situation {
  readonly models: readonly string[];
  readonly inputTokens: number;
  readonly maxOutputTokens: number | null;
  readonly cached: ReadonlyMap<string, number>;
}

describe('the cheapest target', () => {
  it(`is the one that a brute force over ${REQUESTS} random requests finds`, () => {
    const chance = new Chance(20_261_126);
    const wrong: object[] = [];
    let decided = 0;
    let byTier = 0;
    let byCache = 0;
    for (let request = 0; request < REQUESTS; request++) {
      const situation = randomSituation(chance, request);
      const { order } = planOf(situation, chance.next(), request);
      const best = bruteForce(situation);
      const first = situation.models[order[0] ?? -1];
      if (first !== best) {
        wrong.push({ ...situation, first, best });
      }
      decided += order.length > 1 ? 1 : 0;
      byTier += situation.inputTokens > 200_000 ? 1 : 0;
      byCache += best !== undefined && (situation.cached.get(best) ?? 0) > 0 ? 1 : 0;
    }

    expect(wrong.slice(0, 3)).toEqual([]);
    expect(decided).toBeGreaterThan(REQUESTS / 2);
    expect(byTier).toBeGreaterThan(REQUESTS / 50);
    expect(byCache).toBeGreaterThan(REQUESTS / 50);
  });
});

function randomSituation(chance: Chance, request: number): Situation {
  const models = [...new Set(Array.from({ length: 2 + chance.below(10) }, () => chance.of(MODELS)))];
  const inputTokens = chance.of([chance.below(2000), chance.below(30_000), chance.below(900_000)]);
  const cached = new Map<string, number>();
  for (const model of models) {
    if (inputTokens >= 1024 && chance.has(0.3)) {
      const tokens = 1 + chance.below(inputTokens);
      cached.set(model, tokens);
      warm.note(model, marksOf(request, tokens));
    }
    if (request % 100 === 0) {
      health.of(model).produced({ tokensPerSecond: 50, outputTokens: 1 + chance.below(8000), size: 4 });
    }
  }
  return { models, inputTokens, maxOutputTokens: chance.maybe(1 + chance.below(4000), 0.5), cached };
}

function planOf(
  { models, inputTokens, maxOutputTokens }: Situation,
  random: number,
  request: number,
): RoutingPlan {
  const asked: CandidateRequest = {
    call: { projectId: 'project', permission: null, receivedAt: clock.now() },
    facts: { inputTokens, maxOutputTokens, stream: false, needs: [] },
    marks: inputTokens < 1024 ? null : marksOf(request, inputTokens),
    parameters: [],
  };
  const snapshot: RoutingSnapshot = {
    v: 1,
    policy: 'all@1',
    rule: null,
    ranking: 'cheapest',
    weights: null,
    random,
    request: asked.facts,
    preferences: null,
    candidates: models.map(model =>
      facts.of(
        {
          route: router.resolve(model),
          weight: 1,
          group: 0,
          keys: [{ id: 'key', secret: null, weight: 1 }],
        },
        asked,
      ),
    ),
  };
  return plan(snapshot);
}

function marksOf(request: number, tokens: number): NonNullable<CandidateRequest['marks']> {
  return { own: `prompt ${request}`, shared: null, sharedTokens: 0, tokens };
}

/** Of the models that are long enough, or of all when none is: the least to pay, the first of equals, the unknown last. */
function bruteForce(situation: Situation): string | undefined {
  const fitting = situation.models.filter(
    model => situation.inputTokens <= (router.resolve(model).target.traits.contextTokens ?? Infinity),
  );
  let best: string | undefined;
  let least: bigint | null = null;
  for (const model of fitting.length > 0 ? fitting : situation.models) {
    const due = dueAt(model, situation);
    if (best === undefined || (due !== null && (least === null || due < least))) {
      best = model;
      least = due;
    }
  }
  return best;
}

/** What the rates say, in whole nano-USD, rounded half up; by long division, and nothing of `cost`. */
function dueAt(model: string, { inputTokens, maxOutputTokens, cached }: Situation): bigint | null {
  const { vendor, target } = router.resolve(model);
  const price = prices.priceOf(vendor.id, target.model, clock.now());
  const rates = price && ratesFor(price, inputTokens);
  if (!price || !rates || rates.input === null || rates.cacheRead === null || rates.output === null) {
    return null;
  }
  const expected = health.of(model).outputTokens();
  const usual = expected === null ? USUAL_OUTPUT : BigInt(Math.round(expected));
  const output =
    maxOutputTokens !== null && BigInt(maxOutputTokens) < usual ? BigInt(maxOutputTokens) : usual;
  const read = BigInt(cached.get(model) ?? 0);
  const sum =
    (BigInt(inputTokens) - read) * BigInt(rates.input) +
    read * BigInt(rates.cacheRead) +
    output * BigInt(rates.output) +
    BigInt(price.perRequest) * MILLION;
  return (2n * sum + MILLION) / (2n * MILLION);
}

/** The last tier that the prompt is longer than. */
function ratesFor({ tiers }: Price, inputTokens: number): Rates {
  return tiers.findLast(({ above }) => inputTokens > above) ?? tiers[0];
}

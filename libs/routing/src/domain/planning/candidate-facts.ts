import { Injectable } from '@nestjs/common';
import type { ModelTraits } from '@app/dialects';
import { cost, PriceBook } from '@app/providers';
import type { Call } from '@app/shared';
import { KeyPool } from '../health/key-pool.js';
import { callClassOf } from '../health/size-class.js';
import { TargetHealth } from '../health/target-health.js';
import { allowsRoute, type Route } from '../model-router.js';
import type { RouteRequest } from '../route-request.js';
import { ownerOf, type VendorKey } from '../vendor-keys.js';
import type { Candidate, RequestFacts } from './routing-snapshot.js';
import { type PromptMarks, WarmPrompts } from './warm-prompts.js';

/** What nobody has measured yet: an answer of a few sentences, in tokens. */
const USUAL_OUTPUT_TOKENS = 256;

/** Of a candidate that is outside the scope of the caller's key. */
export const CLOSED_TO_KEY = 'closed to this key';

/** What a need of a request is called among the traits of a model. */
const TRAIT_OF_NEED: Readonly<Record<string, keyof ModelTraits>> = {
  image_input: 'images',
  document_input: 'documents',
  audio_input: 'audioInput',
  tools: 'tools',
  structured_output: 'structuredOutput',
};

/** One of the targets that a call may go to. */
export interface Choice {
  readonly route: Route;
  readonly weight: number;
  /** See `Candidate.group`. */
  readonly group: number;
  /** The project's keys for the vendor, or the gateway's. */
  readonly keys: readonly VendorKey[];
}

/** The request as far as candidates differ by it. */
export interface CandidateRequest {
  readonly call: Pick<Call, 'projectId' | 'permission' | 'receivedAt'>;
  readonly facts: RequestFacts;
  readonly marks: PromptMarks | null;
  /** Names of the body's members, when the vendor has to take all of them. */
  readonly parameters: readonly string[];
  /** Which of them a vendor would not get; absent: as its own rules say. */
  readonly lostAt?: RouteRequest['lostAt'];
  /** Why it cannot be asked there; absent: nothing speaks against it. */
  readonly unfit?: RouteRequest['unfit'];
}

/** Gathers what is known of a target at this moment. A few map look-ups and one price each: planning is on the hot path. */
@Injectable()
export class CandidateFacts {
  constructor(
    private readonly prices: PriceBook,
    private readonly health: TargetHealth,
    private readonly pool: KeyPool,
    private readonly warm: WarmPrompts,
  ) {}

  of(choice: Choice, { call, facts, marks, parameters, lostAt, unfit }: CandidateRequest): Candidate {
    const { route, weight, group } = choice;
    const { vendor, target } = route;
    const health = this.health.look(route.id);
    const price = this.prices.priceOf(vendor.id, target.model, call.receivedAt);
    const warmTokens = marks ? this.warm.at(route.id, marks) : 0;
    const { ttftMs, tokensPerSecond, ageMs } = health.speed(callClassOf(facts));
    const { down, downForMs, limited } = this.outageOf(choice, call.projectId);
    const expected = health.outputTokens() ?? USUAL_OUTPUT_TOKENS;
    const outputTokens = Math.round(Math.min(facts.maxOutputTokens ?? expected, expected));
    const usage = { inputTokens: facts.inputTokens, cacheReadTokens: warmTokens, outputTokens };
    const rates = price?.tiers[0];
    return {
      vendor: vendor.id,
      model: target.model,
      group,
      weight,
      cost: cost(price, usage),
      promptRate: rates?.input ?? null,
      completionRate: rates?.output ?? null,
      requestRate: price?.perRequest ?? 0,
      warmTokens,
      outputTokens,
      lacks: facts.needs.length === 0 ? NOTHING : facts.needs.filter(need => isLacking(target.traits, need)),
      refuses: parameters.length === 0 ? NOTHING : (lostAt?.(route) ?? refusedBy(route, parameters)),
      tooLong: facts.inputTokens > (target.traits.contextTokens ?? Infinity),
      closed: closedTo(call, route) ?? outOfReach(choice) ?? unfit?.(route) ?? null,
      down,
      downForMs,
      ...(limited && { limited }),
      open: health.open,
      ttftMs: rounded(ttftMs),
      tokensPerSecond: rounded(tokensPerSecond),
      ageMs: ageMs === null ? null : Math.round(ageMs),
    };
  }

  private outageOf({ route, keys }: Choice, projectId: string): Outage {
    const opensFor = this.health.lookAtBreaker(route.id, ownerOf(projectId, keys)).opensFor();
    if (opensFor > 0) {
      return { down: 'circuit-open', downForMs: Math.ceil(opensFor) };
    }
    const { model } = route.target;
    const coolsFor = keys.length === 0 ? 0 : this.pool.nextReady(keys, model);
    if (coolsFor === 0) {
      return UP;
    }
    const cooling = { down: 'keys-cooling', downForMs: Math.ceil(coolsFor) } as const;
    return this.pool.areLimited(keys, model) ? { ...cooling, limited: true } : cooling;
  }
}

type Outage = Pick<Candidate, 'down' | 'downForMs' | 'limited'>;

const NOTHING: readonly string[] = [];
const UP = { down: null, downForMs: 0 } as const;

/** Only what is known to be lacking: a model that nobody knows may have it. */
function isLacking(traits: ModelTraits, need: string): boolean {
  const trait = Object.hasOwn(TRAIT_OF_NEED, need) ? TRAIT_OF_NEED[need] : undefined;
  return trait !== undefined && traits[trait] === false;
}

function refusedBy({ vendor, target }: Route, parameters: readonly string[]): readonly string[] {
  const { unsupported = NOTHING } = vendor.quirks;
  const noSampling = target.traits.sampling === false ? SAMPLING : NOTHING;
  return parameters.filter(name => unsupported.includes(name) || noSampling.includes(name));
}

const SAMPLING = ['temperature', 'top_p', 'top_k'];

function closedTo({ permission }: CandidateRequest['call'], route: Route): string | null {
  return allowsRoute(permission, route) ? null : CLOSED_TO_KEY;
}

/** Whoever asks it all the same is told what to do about it. The simulator has an address for every vendor. */
function outOfReach({ route: { vendor }, keys: [key] }: Choice): string | null {
  if (!key) {
    return 'no key for this vendor';
  }
  return vendor.needsAddress && key.secret !== null ? 'no address for this vendor' : null;
}

/** Tenths are enough to rank by, and short on record. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}

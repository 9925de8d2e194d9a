import { Injectable } from '@nestjs/common';
import { outlineOf } from '@app/dialects';
import { Random } from '../health/random.js';
import { type AttemptRecord, type CallOptions, type PlannedCall, usualOptions } from '../planned-call.js';
import type { CompiledPolicy } from '../policies/policy-definition.js';
import type { RouteRequest } from '../route-request.js';
import { readLabels } from '../wishes/labels.js';
import type { Wishes } from '../wishes/wishes.js';
import { CandidateFacts } from './candidate-facts.js';
import { type AskedName, Choices } from './choices.js';
import { plan } from './plan.js';
import { refusalOf } from './plan-refusal.js';
import type { Ranking, RequestFacts, RoutingSnapshot } from './routing-snapshot.js';
import { ruleFor } from './rule-match.js';
import { WarmPrompts } from './warm-prompts.js';

/** Attempts of a call that names several models, or vendors, and has no policy that says otherwise. */
const USUAL_ATTEMPTS = 3;
/** To these it matters where the same prompt went last. */
const WARMTH_MATTERS = new Set<Ranking>(['sticky', 'cheapest', 'balanced']);
const NONE: readonly string[] = [];

/** What is to be decided. */
export interface Question {
  readonly request: RouteRequest;
  /** What was asked for first, and what to fall back on. */
  readonly names: readonly Asked[];
  readonly wishes: Wishes | null;
  /** Instead of the policy's. */
  readonly ranking: Ranking | null;
}

type Asked = Pick<AskedName, 'name' | 'policy'>;

/** Decides where a call goes, when there may be more than one way. */
@Injectable()
export class Decisions {
  constructor(
    private readonly choices: Choices,
    private readonly candidates: CandidateFacts,
    private readonly warm: WarmPrompts,
    private readonly random: Random,
  ) {}

  /** Whether there is something to decide about a model whose vendors are compared. @throws UnknownModelError (404) */
  haveSeveralVendors(model: string): boolean {
    return this.choices.haveSeveralVendors(model);
  }

  /**
   * @throws UnknownModelError (404), InvalidRequestError (400) for a label that cannot be read,
   * StoreUnavailableError (503)
   */
  async of({ request, names, wishes, ranking }: Question): Promise<Omit<PlannedCall, 'ownMembers'>> {
    const facts = factsOf(request);
    const asked = names.map(({ name, policy: one }) => ({
      name,
      policy: one,
      rule: ruleOf(one, request, facts),
    }));
    const { policy, rule = null } = asked[0] ?? {};
    const preferences = wishes?.preferences ?? null;
    const chosen = await this.choices.of(request.call, asked, {
      spoken: request.spoken,
      anyVendor: preferences !== null || ranking !== null,
      asOne: wishes?.acrossModels ?? false,
    });
    const by = ranking ?? strategyOf(policy, rule);
    const marks = WARMTH_MATTERS.has(by)
      ? this.warm.marksOf(request.call.projectId, request.body, facts.inputTokens)
      : null;
    const parameters = preferences?.requireParameters ? parametersIn(request.body) : NONE;
    const { call, lostAt, unfit } = request;
    const asking = { call, facts, marks, parameters, lostAt, unfit };
    const snapshot: RoutingSnapshot = {
      v: 1,
      policy: nameOf(policy),
      rule,
      ranking: by,
      weights: by === 'balanced' ? (policy?.weights ?? null) : null,
      random: this.random.next(),
      request: facts,
      preferences,
      candidates: chosen.map(choice => this.candidates.of(choice, asking)),
    };
    const attempts: AttemptRecord[] = [];
    const decision = { snapshot, plan: plan(snapshot), attempts };
    const routes = decision.plan.order.flatMap(index => chosen[index]?.route ?? []);
    return {
      routes,
      options: this.optionsOf(policy, wishes, request),
      decision,
      attempts,
      policy: snapshot.policy,
      refusal: refusalOf(request.model, request.call, decision),
      noteAnswered: marks && (target => this.warm.note(target, marks)),
    };
  }

  private optionsOf(
    policy: CompiledPolicy | undefined,
    wishes: Wishes | null,
    request: RouteRequest,
  ): CallOptions {
    const { maxAttempts = null, timeoutMs = null } = wishes ?? {};
    const usual = usualOptions(request);
    if (!policy) {
      return { ...usual, maxAttempts: maxAttempts ?? USUAL_ATTEMPTS, totalMs: timeoutMs };
    }
    const { timeouts, hedge, midStreamFailover } = policy;
    return {
      maxAttempts: maxAttempts ?? policy.maxAttempts,
      totalMs: timeoutMs ?? timeouts.totalMs,
      attemptMs: timeouts.attemptMs ?? usual.attemptMs,
      firstTokenMs: timeouts.firstTokenMs ?? usual.firstTokenMs,
      idleMs: timeouts.idleMs ?? usual.idleMs,
      hedge,
      midStreamFailover,
      fallbacks: this.choices.fallbacksOf(policy, request),
    };
  }
}

function nameOf(policy: CompiledPolicy | undefined): string | null {
  return policy ? `${policy.name}@${policy.version}` : null;
}

/** What is null is not asked for: some clients name all parameters that there are. */
function parametersIn(body: RouteRequest['body']): readonly string[] {
  return Object.keys(body).filter(name => body[name] !== null);
}

function factsOf({ body, stream, countInput }: RouteRequest): RequestFacts {
  const { needs, maxOutputTokens } = outlineOf(body);
  return { inputTokens: countInput(), maxOutputTokens, stream, needs };
}

function ruleOf(
  policy: CompiledPolicy | undefined,
  { body, call }: RouteRequest,
  facts: RequestFacts,
): number | null {
  return policy && policy.rules.length > 0
    ? ruleFor(policy.rules, facts, readLabels(body['metadata'], call.routing))
    : null;
}

function strategyOf(policy: CompiledPolicy | undefined, rule: number | null): Ranking {
  const ruled = rule === null ? null : policy?.rules[rule]?.strategy;
  return ruled ?? policy?.strategy ?? 'priority';
}

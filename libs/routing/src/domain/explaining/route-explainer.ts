import { Injectable } from '@nestjs/common';
import { GatewayError } from '@app/shared';
import { type CallOptions, firstOf, type PlannedCall, type RoutingDecision } from '../planned-call.js';
import { Decisions } from '../planning/decisions.js';
import type { Candidate } from '../planning/routing-snapshot.js';
import type { Policies } from '../policies/policy-book.js';
import { RoutePlanner } from '../route-planner.js';
import type { RouteRequest } from '../route-request.js';
import { StrayDraftError, UnknownModelError } from '../routing.errors.js';
import { VendorKeys } from '../vendor-keys.js';
import { ImaginedCalls } from './imagined-calls.js';
import type {
  ExplainedOptions,
  ExplainedRefusal,
  ExplainedTarget,
  RoutingExplanation,
} from './routing-explanation.entity.js';
import type { RoutingQuestion } from './routing-question.js';

type Decided = Pick<PlannedCall, 'options' | 'refusal'> & Pick<RoutingDecision, 'snapshot' | 'plan'>;

/** Says where a call would go, by the very planning that calls go through. Nobody is called, and nothing is noted. */
@Injectable()
export class RouteExplainer {
  constructor(
    private readonly imagined: ImaginedCalls,
    private readonly planner: RoutePlanner,
    private readonly decisions: Decisions,
    private readonly keys: VendorKeys,
  ) {}

  /**
   * @throws NotFoundError for an unknown project or key; ProjectDeletedError (409); UnknownModelError (404);
   * InvalidRequestError (400) naming the wish, or the field of the draft, that is wrong
   */
  async explain(question: RoutingQuestion): Promise<RoutingExplanation> {
    const { request, policies } = await this.imagined.of(question);
    if (question.policy && !this.asksFor(question.policy.name, request, policies)) {
      throw new StrayDraftError(question.policy.name, request.model);
    }
    const { snapshot, plan, options, refusal } = await this.decided(policies, request);
    const { policy, rule, ranking, random, request: facts } = snapshot;
    const targets = snapshot.candidates.map(async (candidate, index): Promise<ExplainedTarget> => {
      const place = refusal ? -1 : plan.order.indexOf(index);
      return {
        ...told(candidate),
        place: place < 0 ? null : place,
        score: plan.scores[index] ?? null,
        excluded: plan.excluded[index] ?? null,
        keys: await this.keys.count(question.projectId, candidate.vendor),
      };
    });
    return {
      policy,
      rule,
      ranking,
      random,
      request: { ...facts, needs: [...facts.needs] },
      candidates: await Promise.all(targets),
      options: optionsTold(options),
      refusal: refusal && refusalTold(refusal),
    };
  }

  /** A call for something that does not exist asks for no draft either: most likely the two should have one name. */
  private asksFor(draft: string, request: RouteRequest, policies: Policies): boolean {
    try {
      return this.planner.namesIn(request, policies).includes(draft);
    } catch (error) {
      if (error instanceof UnknownModelError) {
        return false;
      }
      throw error;
    }
  }

  /** A key that may not use the very model it asks for is refused before anything is decided: it is decided without it. */
  private async decided(policies: Policies, request: RouteRequest): Promise<Decided> {
    try {
      return await this.planned(policies, request);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.status !== 403) {
        throw error;
      }
      const open = { ...request, call: { ...request.call, permission: null } };
      return { ...(await this.planned(policies, open)), refusal: error };
    }
  }

  private async planned(policies: Policies, request: RouteRequest): Promise<Decided> {
    const planned = await this.planner.planWith(policies, request);
    if (planned.decision) {
      return { ...planned, ...planned.decision };
    }
    const names = [{ name: firstOf(planned).id, policy: undefined }]; // as it is asked for without an ending
    const { decision } = await this.decisions.of({ request, names, wishes: null, ranking: null });
    const { snapshot, plan } = asked(decision);
    const { options } = planned;
    // What is closed to the caller's key was refused before: here, nobody can reach the vendor.
    return snapshot.candidates.some(({ closed }) => closed !== null)
      ? {
          snapshot,
          plan,
          options,
          refusal: await this.keys.obstacle(request.call.projectId, firstOf(planned).vendor),
        }
      : { snapshot, plan: { ...plan, ...ONLY_WAY }, options, refusal: null };
  }
}

/** A plain model is asked also while it is down: what its vendor says is better than what we would. */
const ONLY_WAY = { order: [0], excluded: [null] } as const;

function asked(decision: RoutingDecision | null): RoutingDecision {
  if (!decision) {
    throw new Error('A call was decided without a decision.');
  }
  return decision;
}

function told({
  vendor,
  model,
  cost,
  ttftMs,
  tokensPerSecond,
  open,
  down,
}: Candidate): Omit<ExplainedTarget, 'place' | 'score' | 'excluded' | 'keys'> {
  return { target: `${vendor}/${model}`, costNanoUsd: cost, ttftMs, tokensPerSecond, open, down };
}

function optionsTold({ fallbacks, ...options }: CallOptions): ExplainedOptions {
  return {
    ...options,
    contextWindow: fallbacks.contextWindow.map(({ id }) => id),
    contentPolicy: fallbacks.contentPolicy.map(({ id }) => id),
  };
}

function refusalTold({ status, code, type, message }: GatewayError): ExplainedRefusal {
  return { status, code: code ?? type, message };
}

import { Injectable } from '@nestjs/common';
import { ModelRouter } from './model-router.js';
import { PLAIN, type PlannedCall } from './planned-call.js';
import { Decisions } from './planning/decisions.js';
import type { Ranking } from './planning/routing-snapshot.js';
import { type Policies, PolicyBook } from './policies/policy-book.js';
import type { RouteRequest } from './route-request.js';
import { readWishes, WISH_MEMBERS } from './wishes/wishes.js';

/** OpenRouter's endings of model names: by price, and by speed. */
const ENDINGS: Readonly<Record<string, Ranking>> = { ':floor': 'cheapest', ':nitro': 'throughput' };
const NONE: readonly string[] = [];

/** From what a call asks for to where it may go. */
@Injectable()
export class RoutePlanner {
  constructor(
    private readonly router: ModelRouter,
    private readonly policies: PolicyBook,
    private readonly decisions: Decisions,
  ) {}

  /**
   * At once for a call that asks for a plain model, when the project's policies were asked for within the last second.
   *
   * @throws UnknownModelError (404), InvalidRequestError (400) naming the wish that cannot be read,
   * StoreUnavailableError (503)
   */
  plan(request: RouteRequest): PlannedCall | Promise<PlannedCall> {
    const policies = this.policies.peek(request.call.projectId);
    return policies ? this.planWith(policies, request) : this.ask(request);
  }

  /** The same with other policies than those that are stored. */
  planWith(policies: Policies, request: RouteRequest): PlannedCall | Promise<PlannedCall> {
    const { model, body, call, spoken } = request;
    const typed = policies.has(model) ? null : endingOf(model);
    const isBare = call.routing === null && typed === null;
    if (isBare && policies.size === 0 && body['models'] === undefined && body['provider'] === undefined) {
      return this.plainly(request);
    }
    const base = typed === null ? model : model.slice(0, -typed.length);
    const policy = policies.get(base);
    const isTheirs = !policy && this.router.resolve(base, spoken).vendor.routesItself === true;
    const [name, ending] = isTheirs ? [model, null] : [base, typed];
    const wishes = readWishes(isTheirs ? {} : body, call.routing);
    const ownMembers = isTheirs ? NONE : WISH_MEMBERS.filter(member => member in body);
    if (!policy && !wishes && ending === null) {
      return { ...this.plainly(request), ownMembers };
    }
    const wished = wishes?.models ?? NONE;
    const asked = [...new Set([name, ...wished.map(other => this.withoutEnding(other, policies))])];
    const names = asked.map(one => ({ name: one, policy: policies.get(one) }));
    const ranking = wishes?.ranking ?? (ending === null ? null : (ENDINGS[ending] ?? null));
    return this.decide(request, { names, wishes, ranking }, ownMembers);
  }

  /** The ending of the model that is asked for first holds for all. @throws UnknownModelError (404) */
  private withoutEnding(model: string, policies: Policies): string {
    const ending = policies.has(model) ? null : endingOf(model);
    const base = ending === null ? model : model.slice(0, -ending.length);
    const isTheirs = ending !== null && !policies.has(base) && this.router.resolve(base).vendor.routesItself;
    return isTheirs ? model : base;
  }

  private async ask(request: RouteRequest): Promise<PlannedCall> {
    return this.planWith(await this.policies.get(request.call.projectId), request);
  }

  private plainly({ model, spoken }: RouteRequest): PlannedCall {
    return {
      routes: [this.router.resolve(model, spoken)],
      options: PLAIN,
      decision: null,
      policy: null,
      refusal: null,
      noteAnswered: null,
      ownMembers: NONE,
    };
  }

  private async decide(
    request: RouteRequest,
    question: Omit<Parameters<Decisions['of']>[0], 'request'>,
    ownMembers: readonly string[],
  ): Promise<PlannedCall> {
    return { ...(await this.decisions.of({ ...question, request })), ownMembers };
  }
}

function endingOf(model: string): string | null {
  return Object.keys(ENDINGS).find(ending => model.endsWith(ending)) ?? null;
}

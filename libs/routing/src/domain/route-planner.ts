import { Injectable } from '@nestjs/common';
import { ProviderRegistry } from '@app/providers';
import { ModelRouter } from './model-router.js';
import { type CallOptions, type PlannedCall, usualOptions } from './planned-call.js';
import { Decisions } from './planning/decisions.js';
import { type Policies, PolicyBook } from './policies/policy-book.js';
import type { RouteRequest } from './route-request.js';
import { endingOf, ENDINGS } from './wishes/endings.js';
import { isChoice, readWishes, WISH_MEMBERS, type Wishes } from './wishes/wishes.js';

const NONE: readonly string[] = [];

/** From what a call asks for to where it may go. */
@Injectable()
export class RoutePlanner {
  constructor(
    private readonly router: ModelRouter,
    private readonly policies: PolicyBook,
    private readonly decisions: Decisions,
    private readonly vendors: ProviderRegistry,
  ) {}

  /**
   * At once for a call that asks for a plain model and brings no choice, when the project's policies were asked for within
   * the last second.
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
    const { model, body, call } = request;
    const isBare = call.routing === null && body['models'] === undefined && body['provider'] === undefined;
    if (isBare && policies.size === 0 && endingOf(model) === null) {
      return this.plainly(request, usualOptions(request));
    }
    const { name, ending, isTheirs } = this.read(model, policies);
    const policy = policies.get(name);
    const wishes = readWishes(isTheirs ? {} : body, call.routing, this.vendors);
    const ownMembers = isTheirs ? NONE : WISH_MEMBERS.filter(member => member in body);
    const isOneModel = !policy && !isChoice(wishes);
    if (isOneModel && (ending === null || !this.decisions.haveSeveralVendors(name))) {
      return { ...this.plainly({ ...request, model: name }, plainOptions(wishes, request)), ownMembers };
    }
    // The ending of the model that is asked for first holds for all.
    const names = this.names(name, wishes, policies).map(one => ({ name: one, policy: policies.get(one) }));
    const ranking = wishes?.ranking ?? (ending === null ? null : (ENDINGS[ending] ?? null));
    return this.decide(request, { names, wishes, ranking }, ownMembers);
  }

  /** The names that a request asks for, each of a policy or a model, without endings. @throws as `plan` */
  namesIn({ model, body, call }: RouteRequest, policies: Policies): readonly string[] {
    const { name, isTheirs } = this.read(model, policies);
    return this.names(name, readWishes(isTheirs ? {} : body, call.routing, this.vendors), policies);
  }

  private names(first: string, wishes: Wishes | null, policies: Policies): readonly string[] {
    return [...new Set([first, ...(wishes?.models ?? NONE).map(other => this.read(other, policies).name)])];
  }

  /** A name and its ending, if that is for us: policies may have any name, and vendors that route themselves endings. */
  private read(
    model: string,
    policies: Policies,
  ): { readonly name: string; readonly ending: string | null; readonly isTheirs: boolean } {
    const ending = policies.has(model) ? null : endingOf(model);
    const name = ending === null ? model : model.slice(0, -ending.length);
    const isTheirs = !policies.has(name) && this.router.resolve(name).vendor.routesItself === true;
    return isTheirs ? { name: model, ending: null, isTheirs } : { name, ending, isTheirs };
  }

  private async ask(request: RouteRequest): Promise<PlannedCall> {
    return this.planWith(await this.policies.get(request.call.projectId), request);
  }

  private plainly({ model, spoken }: RouteRequest, options: CallOptions): PlannedCall {
    return {
      routes: [this.router.resolve(model, spoken)],
      options,
      decision: null,
      attempts: [],
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

/** How often and for how long a plain model is tried is no choice of another. */
function plainOptions(wishes: Wishes | null, request: RouteRequest): CallOptions {
  const usual = usualOptions(request);
  return wishes
    ? { ...usual, maxAttempts: wishes.maxAttempts ?? usual.maxAttempts, totalMs: wishes.timeoutMs }
    : usual;
}

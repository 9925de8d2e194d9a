import { Injectable } from '@nestjs/common';
import type { DialectId } from '@app/dialects';
import { PriceBook, ProviderRegistry } from '@app/providers';
import type { Call } from '@app/shared';
import { ModelRouter, type Route } from '../model-router.js';
import type { CompiledPolicy } from '../policies/policy-definition.js';
import type { CallOptions } from '../planned-call.js';
import type { RouteRequest } from '../route-request.js';
import { VendorKeys } from '../vendor-keys.js';
import type { Choice } from './candidate-facts.js';

/** One of the names that a call asked for. */
export interface AskedName {
  readonly name: string;
  /** What it stands for, if it is no model. */
  readonly policy: CompiledPolicy | undefined;
  /** The rule of the policy that holds; null when none does. */
  readonly rule: number | null;
}

const NO_ROUTES: readonly Route[] = [];

type Fallbacks = CallOptions['fallbacks'];
type Target = CompiledPolicy['targets'][number];

interface Offered {
  /** What the caller speaks, for vendors of several dialects. */
  readonly spoken: DialectId | undefined;
  /** Also the others that sell the very same model. */
  readonly anyVendor: boolean;
  /** All names as one: none of them goes before another. */
  readonly asOne: boolean;
}

/** Who can be asked for a name: the targets of a policy, or the vendors of a model. */
@Injectable()
export class Choices {
  constructor(
    private readonly router: ModelRouter,
    private readonly registry: ProviderRegistry,
    private readonly prices: PriceBook,
    private readonly keys: VendorKeys,
  ) {}

  /**
   * @throws UnknownModelError (404), StoreUnavailableError (503), GatewayError (403) for a model that is closed to the key
   */
  async of(
    { projectId, permission }: Pick<Call, 'projectId' | 'permission'>,
    asked: readonly AskedName[],
    offered: Offered,
  ): Promise<Choice[]> {
    const choices: Choice[] = [];
    const seen = asked.length > 1 ? new Set<string>() : null; // those of one name differ
    let group = 0;
    for (const name of asked) {
      const isOpened = name.policy !== undefined && this.router.isOpened(name.policy.name, permission);
      for (const { model, weight } of this.targetsOf(name, permission, offered)) {
        const route = this.routeTo(model, offered.spoken, isOpened);
        if (seen?.has(route.id)) {
          continue;
        }
        seen?.add(route.id);
        const keys = this.keys.of(projectId, route.vendor);
        choices.push({ route, weight, group, keys: keys instanceof Promise ? await keys : keys });
      }
      group += offered.asOne ? 0 : 1;
    }
    return choices;
  }

  /** Whether other vendors sell the model, too. @throws UnknownModelError (404) */
  haveSeveralVendors(model: string): boolean {
    const { vendor, target } = this.router.resolve(model);
    return this.othersWith(vendor.id, target.model).length > 0;
  }

  /** Models of a policy's fallbacks. */
  fallbacksOf(policy: CompiledPolicy, { spoken, call }: Pick<RouteRequest, 'spoken' | 'call'>): Fallbacks {
    const isOpened = this.router.isOpened(policy.name, call.permission);
    const routesTo = (models: readonly string[]): readonly Route[] =>
      models.length === 0 ? NO_ROUTES : models.map(model => this.routeTo(model, spoken, isOpened));
    const { contextWindow, contentPolicy } = policy.fallbacks;
    return { contextWindow: routesTo(contextWindow), contentPolicy: routesTo(contentPolicy) };
  }

  private targetsOf(
    { name, policy, rule }: AskedName,
    permission: Call['permission'],
    { spoken, anyVendor }: Offered,
  ): readonly Target[] {
    if (!policy) {
      const { vendor, target } = this.router.resolve(name, spoken);
      permission?.assertRoute(vendor.id, target.model);
      const alone = { model: name, weight: 1 };
      return anyVendor ? [alone, ...this.othersWith(vendor.id, target.model)] : [alone];
    }
    const ruled = rule === null ? undefined : policy.rules[rule]?.targets;
    return ruled ? ruled.flatMap(model => targetNamed(model, policy)) : policy.targets;
  }

  private routeTo(model: string, spoken: DialectId | undefined, isOpened: boolean): Route {
    const route = this.router.resolve(model, spoken);
    return isOpened ? { ...route, isOpened } : route;
  }

  /** By name: another vendor's price list has the very same one. */
  private othersWith(vendor: string, model: string): Target[] {
    return this.registry.all
      .filter(({ id, tasksOnly }) => id !== vendor && !tasksOnly && this.prices.priceOf(id, model)?.exact)
      .map(({ id }) => ({ model: `${id}/${model}`, weight: 1 }));
  }
}

function targetNamed(name: string, { targets }: CompiledPolicy): Target | [] {
  return targets.find(({ model }) => model === name) ?? [];
}

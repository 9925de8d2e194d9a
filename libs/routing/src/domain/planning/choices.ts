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

type Fallbacks = CallOptions['fallbacks'];

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
    const seen = new Set<string>();
    for (const [place, name] of asked.entries()) {
      const group = offered.asOne ? 0 : place;
      for (const { route, weight } of this.targetsOf(name, permission, offered)) {
        if (!seen.has(route.id)) {
          seen.add(route.id);
          const keys = this.keys.of(projectId, route.vendor);
          choices.push({ route, weight, group, keys: keys instanceof Promise ? await keys : keys });
        }
      }
    }
    return choices;
  }

  /** Models of a policy's fallbacks. */
  fallbacksOf(policy: CompiledPolicy, { spoken, call }: Pick<RouteRequest, 'spoken' | 'call'>): Fallbacks {
    const isOpened = this.router.isOpened(policy.name, call.permission);
    const routesTo = (models: readonly string[]): Route[] =>
      models.map(model => this.routeTo(model, spoken, isOpened));
    const { contextWindow, contentPolicy } = policy.fallbacks;
    return { contextWindow: routesTo(contextWindow), contentPolicy: routesTo(contentPolicy) };
  }

  private targetsOf(
    { name, policy, rule }: AskedName,
    permission: Call['permission'],
    { spoken, anyVendor }: Offered,
  ): Pick<Choice, 'route' | 'weight'>[] {
    if (!policy) {
      const route = this.router.resolve(name, spoken);
      permission?.assertRoute(route.vendor.id, route.target.model);
      const others = anyVendor ? this.othersWith(route, spoken) : [];
      return [route, ...others].map(one => ({ route: one, weight: 1 }));
    }
    const ruled = rule === null ? undefined : policy.rules[rule]?.targets;
    const targets = ruled ? ruled.flatMap(model => targetNamed(model, policy)) : policy.targets;
    const isOpened = this.router.isOpened(policy.name, permission);
    return targets.map(({ model, weight }) => ({ route: this.routeTo(model, spoken, isOpened), weight }));
  }

  private routeTo(model: string, spoken: DialectId | undefined, isOpened: boolean): Route {
    const route = this.router.resolve(model, spoken);
    return isOpened ? { ...route, isOpened } : route;
  }

  /** By name: another vendor's price list has the very same one. */
  private othersWith({ vendor, target: { model } }: Route, spoken: DialectId | undefined): Route[] {
    return this.registry.all
      .filter(({ id, tasksOnly }) => id !== vendor.id && !tasksOnly && this.prices.priceOf(id, model)?.exact)
      .map(({ id }) => this.router.resolve(`${id}/${model}`, spoken));
  }
}

function targetNamed(name: string, { targets }: CompiledPolicy): CompiledPolicy['targets'][number] | [] {
  return targets.find(({ model }) => model === name) ?? [];
}

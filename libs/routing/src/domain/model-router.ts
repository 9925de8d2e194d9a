import { Injectable } from '@nestjs/common';
import type { DialectId, Target, VendorDialect } from '@app/dialects';
import { ModelBook, ProviderRegistry, type Vendor } from '@app/providers';
import type { RoutePermission } from '@app/shared';
import { UnknownModelError } from './routing.errors.js';

const CACHED_ROUTES = 10_000;

/** Where a call goes. */
export interface Route {
  /** `vendor/model`. */
  readonly id: string;
  readonly vendor: Vendor;
  /** The vendor's dialect that the call goes out in. */
  readonly dialect: VendorDialect;
  readonly target: Target;
  /** It is a target of a policy that the caller's key names: whether its model is, too, does not matter. */
  readonly isOpened?: true;
}

/** Whether a call may go there. @param permission null: wherever it likes */
export function allowsRoute(
  permission: RoutePermission | null,
  { vendor, target, isOpened }: Route,
): boolean {
  if (!permission) {
    return true;
  }
  return isOpened ? permission.allowsVendor(vendor.id) : permission.allows(vendor.id, target.model);
}

/** From the model name a caller asks for to a vendor and its own name of the model. */
@Injectable()
export class ModelRouter {
  private readonly routes = new Map<string, Route>();

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly models: ModelBook,
  ) {}

  /**
   * `vendor/model` goes to that vendor, whatever the model is called, so that new models work on their first day. A
   * bare name goes to the vendor whose names look like it.
   *
   * @param spoken what the caller speaks, for vendors of several dialects
   * @throws UnknownModelError (404) naming what would work
   */
  resolve(model: string, spoken?: DialectId): Route {
    let route = this.routes.get(model);
    if (!route) {
      route = this.find(model);
      if (this.routes.size < CACHED_ROUTES) {
        this.routes.set(model, route);
      }
    }
    const { vendor, target } = route;
    return vendor.dialectFor ? { ...route, dialect: vendor.dialectFor(target.model, spoken) } : route;
  }

  /**
   * Whether a key that is for some models names the policy, and may use its targets with it. A name that a model has, too, means
   * the model: nobody gets at others who was let in to that one.
   */
  isOpened(policy: string, permission: RoutePermission | null): boolean {
    return permission !== null && permission.allowsPolicy(policy) && !this.isModel(policy);
  }

  private isModel(name: string): boolean {
    const vendor = name.slice(0, Math.max(0, name.indexOf('/'))).toLowerCase();
    return this.registry.get(vendor) !== undefined || this.registry.byModelName(name) !== undefined;
  }

  private find(model: string): Route {
    const slash = model.indexOf('/');
    const named = slash > 0 ? this.registry.get(model.slice(0, slash).toLowerCase()) : undefined;
    if (named && slash < model.length - 1) {
      return this.routeTo(named, model.slice(slash + 1));
    }
    const vendor = this.registry.byModelName(model);
    if (!vendor) {
      throw new UnknownModelError(model, this.registry.all);
    }
    return this.routeTo(vendor, model);
  }

  private routeTo(vendor: Vendor, model: string): Route {
    const { id, dialect, quirks } = vendor;
    return {
      id: `${id}/${model}`,
      vendor,
      dialect,
      target: { vendor: id, model, traits: this.models.traitsOf(vendor, model), quirks },
    };
  }
}

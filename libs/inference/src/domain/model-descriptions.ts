import { Injectable } from '@nestjs/common';
import type { VendorModel } from '@app/dialects';
import { capabilitiesOf, type Price, PriceBook, type Vendor } from '@app/providers';
import { allowsRoute, type CompiledPolicy, ModelRouter, type Route } from '@app/routing';
import type { RoutePermission } from '@app/shared';
import type { ModelPricing, OfferedModel } from './offered-model.entity.js';

/** Nano-USD per million tokens is 10⁻¹⁵ USD per token. */
const PLACES = 15;

/** What is told of a model, or of a policy that stands for several. */
@Injectable()
export class ModelDescriptions {
  constructor(
    private readonly prices: PriceBook,
    private readonly router: ModelRouter,
  ) {}

  /** @throws UnknownModelError (404) */
  routeOf(name: string): Route {
    return this.router.resolve(name);
  }

  /** Whether the key may use one of its targets at least. */
  isOpen({ name, targets }: CompiledPolicy, permission: RoutePermission | null): boolean {
    const isOpened = this.router.isOpened(name, permission);
    return targets.some(({ model }) => {
      const route = this.router.resolve(model);
      return allowsRoute(permission, isOpened ? { ...route, isOpened } : route);
    });
  }

  /** @throws OutsideScopeError (403) when the key may use none of its targets */
  assertOpen(policy: CompiledPolicy, permission: RoutePermission | null): void {
    const [first] = policy.targets;
    if (first && !this.isOpen(policy, permission)) {
      const { vendor, target } = this.router.resolve(first.model);
      permission?.assertRoute(vendor.id, target.model);
    }
  }

  /** What it can do and costs is that of its targets, and another each time. */
  ofPolicy({ name, createdAt }: CompiledPolicy): OfferedModel {
    const { context_length, max_output_tokens, ...capabilities } = capabilitiesOf({});
    return {
      id: name,
      object: 'model',
      created: Math.floor(Date.parse(createdAt) / 1000),
      owned_by: 'routing-policy',
      context_length,
      max_output_tokens,
      capabilities,
      pricing: null,
    };
  }

  /** One of a vendor's list. */
  of(vendor: Vendor, model: VendorModel): OfferedModel {
    const { id, created = 0, ownedBy = vendor.id, contextTokens } = model;
    const price = this.prices.priceOf(vendor.id, id);
    const { traits } = this.router.resolve(`${vendor.id}/${id}`).target;
    const { context_length, max_output_tokens, ...capabilities } = capabilitiesOf(traits);
    return {
      id: `${vendor.id}/${id}`,
      object: 'model',
      created,
      owned_by: ownedBy,
      context_length: context_length ?? contextTokens ?? this.prices.contextOf(vendor.id, id),
      max_output_tokens,
      capabilities,
      pricing: price?.exact ? pricingOf(price) : null,
    };
  }
}

/** Of a prompt of ordinary length: the first tier. */
function pricingOf({ tiers: [rates] }: Price): ModelPricing {
  return {
    prompt: usdPerToken(rates.input),
    completion: usdPerToken(rates.output),
    input_cache_read: usdPerToken(rates.cacheRead),
    input_cache_write: usdPerToken(rates.cacheWrite),
  };
}

function usdPerToken(nanoUsdPerMillion: number | null): string | null {
  if (nanoUsdPerMillion === null) {
    return null;
  }
  const digits = String(nanoUsdPerMillion).padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return digits.slice(0, -PLACES) + (fraction && `.${fraction}`);
}

import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageQuery } from '@app/shared';
import { ModelLists } from '../models/model-lists.js';
import { ProviderRegistry } from '../provider.registry.js';
import { endpointWith, type Vendor } from '../vendor.js';
import type { ProviderStatus } from './provider-status.entity.js';

/** Who looks twice in this time sees the same answer. */
const FRESH_MS = 30_000;

/** Which vendors the gateway can reach with its own keys. */
@Injectable()
export class ProviderStatusService {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly lists: ModelLists,
  ) {}

  /** By id. Configured vendors on the page are asked for their models, which is their cheapest call. */
  async list({ limit, after = '' }: PageQuery): Promise<Page<ProviderStatus>> {
    const vendors = this.registry.all
      .filter(({ id }) => id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const { data, next } = pageOf(vendors, limit);
    return { data: await Promise.all(data.map(vendor => this.statusOf(vendor))), next };
  }

  private async statusOf(vendor: Vendor): Promise<ProviderStatus> {
    const key = this.registry.gatewayKey(vendor);
    const configured = this.registry.isConfigured(vendor);
    const list =
      configured && key !== undefined && !vendor.unlisted
        ? await this.lists.of(vendor, endpointWith(vendor, key), FRESH_MS)
        : null;
    return {
      id: vendor.id,
      name: vendor.name,
      baseUrl: shownUrl(vendor.baseUrl),
      configured,
      key: key ? 'gateway' : 'none',
      reachable: list && list.failure === null,
      lastError: list?.failure ?? null,
      checkedAt: list && new Date(list.askedAt).toISOString(),
    };
  }
}

/** Operators may have put a secret into user name, password or query. */
function shownUrl(baseUrl: string): string {
  return baseUrl.replace(/\?.*$/, '').replace(/\/\/[^/]*@/, '//');
}

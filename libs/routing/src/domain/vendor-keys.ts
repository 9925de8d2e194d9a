import { Injectable } from '@nestjs/common';
import { type OpenedProviderKey, ProviderKeysService } from '@app/projects';
import { ProviderRegistry, type Vendor } from '@app/providers';
import type { GatewayError } from '@app/shared';
import { NoVendorAddressError, NoVendorKeyError } from './routing.errors.js';

/** A key that opens a vendor's door for a project. */
export interface VendorKey {
  /** Of its record; `gateway` for the gateway's own. */
  readonly id: string;
  /** Null for the gateway's own. */
  readonly secret: string | null;
  readonly weight: number;
}

const NONE: readonly VendorKey[] = [];

/** Whose keys these are, all of them: the project's own, or (null) the gateway's. */
export function ownerOf(projectId: string, keys: readonly VendorKey[]): string | null {
  const [first] = keys;
  return first && first.secret !== null ? projectId : null;
}

/** The keys of a project for a vendor: its own, else the gateway's. */
@Injectable()
export class VendorKeys {
  private readonly gateways = new Map<string, readonly VendorKey[]>();

  constructor(
    private readonly providerKeys: ProviderKeysService,
    private readonly registry: ProviderRegistry,
  ) {}

  /**
   * At once, when the project's keys were asked for within the last second. Empty when there is no key.
   *
   * @throws StoreUnavailableError (503), UnreadableProviderKeyError
   */
  of(projectId: string, vendor: Vendor): readonly VendorKey[] | Promise<readonly VendorKey[]> {
    const own = this.providerKeys.peekKeysOf(projectId, vendor.id);
    return own === undefined ? this.ask(projectId, vendor) : this.orGateway(own, vendor);
  }

  /** How many a project can use for a vendor. @param vendor its id @throws as `of` */
  async count(projectId: string, vendor: string): Promise<number> {
    const known = this.registry.get(vendor);
    return known ? (await this.of(projectId, known)).length : 0;
  }

  /** Why a project cannot get at a vendor; null: it can. The simulator has an address for every vendor. @throws as `of` */
  async obstacle(projectId: string, vendor: Vendor): Promise<GatewayError | null> {
    const [key] = await this.of(projectId, vendor);
    if (!key) {
      return new NoVendorKeyError(vendor);
    }
    return vendor.needsAddress && key.secret !== null ? new NoVendorAddressError(vendor) : null;
  }

  private async ask(projectId: string, vendor: Vendor): Promise<readonly VendorKey[]> {
    return this.orGateway(await this.providerKeys.keysOf(projectId, vendor.id), vendor);
  }

  private orGateway(own: readonly OpenedProviderKey[], vendor: Vendor): readonly VendorKey[] {
    return own.length > 0 ? own : this.gatewayKeys(vendor);
  }

  private gatewayKeys(vendor: Vendor): readonly VendorKey[] {
    let keys = this.gateways.get(vendor.id);
    if (!keys) {
      const isOpen = this.registry.isSimulated || this.registry.gatewayKey(vendor) !== undefined;
      keys = isOpen ? [{ id: `gateway:${vendor.id}`, secret: null, weight: 1 }] : NONE;
      this.gateways.set(vendor.id, keys);
    }
    return keys;
  }
}

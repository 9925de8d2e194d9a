import { Inject, Injectable } from '@nestjs/common';
import { Config } from '@app/shared';
import { configuredKeys } from './credentials/configured-keys.js';
import type { Vendor } from './vendor.js';

/** Injection token of the vendors: `readonly Vendor[]`. Override it to add one in code. */
export const VENDORS = Symbol('VENDORS');

/** The vendors that this gateway can reach, and its own keys for them. */
@Injectable()
export class ProviderRegistry {
  private readonly byId: ReadonlyMap<string, Vendor>;
  /** The gateway's own keys, by vendor id. */
  private readonly keys: ReadonlyMap<string, string>;

  /** @throws ConfigError when a key cannot be read, or is not of the kind that its vendor gives out */
  constructor(
    @Inject(VENDORS) private readonly vendors: readonly Vendor[],
    private readonly config: Config,
  ) {
    this.byId = new Map(vendors.map(vendor => [vendor.id, vendor]));
    this.keys = configuredKeys(vendors, config);
  }

  get all(): readonly Vendor[] {
    return this.vendors;
  }

  get(id: string): Vendor | undefined {
    return this.byId.get(id);
  }

  /** The vendor whose model names look like this bare one. */
  byModelName(model: string): Vendor | undefined {
    return this.vendors.find(vendor => vendor.models.some(pattern => pattern.test(model)));
  }

  /** The gateway's own key for a vendor, `''` where none is needed; a project's key goes before it. */
  gatewayKey(vendor: Vendor): string | undefined {
    return this.keys.get(vendor.id) ?? (this.isOpen(vendor) ? '' : undefined);
  }

  /** The operator has given the gateway all that it takes to call this vendor. */
  isConfigured(vendor: Vendor): boolean {
    const isReady = this.keys.has(vendor.id) || (vendor.keyless && this.isNamed(vendor));
    return Boolean(isReady) && !vendor.needsAddress;
  }

  /** Nobody has configured a vendor: the simulator answers instead, outside production. */
  get isSimulated(): boolean {
    const { isProduction, simulatorMode } = this.config;
    return (
      !isProduction && simulatorMode === 'auto' && !this.vendors.some(vendor => this.isConfigured(vendor))
    );
  }

  /** In production a server on this machine is open to callers only when its address was configured. */
  private isOpen(vendor: Vendor): boolean {
    return Boolean(vendor.keyless) && (this.isNamed(vendor) || !this.config.isProduction);
  }

  private isNamed({ id }: Vendor): boolean {
    return this.config.providers.has(id);
  }
}

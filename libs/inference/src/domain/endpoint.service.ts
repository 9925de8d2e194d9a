import { Injectable } from '@nestjs/common';
import { ProviderKeysService, UnreadableProviderKeyError } from '@app/projects';
import { endpointWith, ProviderRegistry, type Vendor, type VendorEndpoint } from '@app/providers';
import { Config } from '@app/shared';
import { NoVendorAddressError, NoVendorKeyError } from './inference.errors.js';

export interface Endpoint extends VendorEndpoint {
  /** The simulator answers in the vendor's place. */
  readonly simulated: boolean;
}

/** A vendor that a project may call. */
export interface Offer {
  readonly vendor: Vendor;
  /** Null when something is wrong with the project's key or the vendor's address. */
  readonly endpoint: Endpoint | null;
  /** What is wrong, in words. */
  readonly problem: string | null;
}

const SIMULATOR_KEY = 'simulator';

/** Whose key opens a vendor's door: the project's own first, then the gateway's, then (nobody has one) the simulator's. */
@Injectable()
export class EndpointService {
  private readonly gatewayEndpoints = new Map<string, Endpoint | null>();

  constructor(
    private readonly providerKeys: ProviderKeysService,
    private readonly registry: ProviderRegistry,
    private readonly config: Config,
  ) {}

  /**
   * At once, when the project's keys were asked for within the last second.
   *
   * @throws NoVendorKeyError (502) when neither project nor gateway has a key
   * @throws NoVendorAddressError (502) when the vendor gives each customer an address, and none is configured
   * @throws StoreUnavailableError (503)
   */
  of(projectId: string, vendor: Vendor): Endpoint | Promise<Endpoint> {
    const own = this.providerKeys.peekSecretOf(projectId, vendor.id);
    return own === undefined ? this.ask(projectId, vendor) : this.openedBy(own, vendor);
  }

  /**
   * The vendors that a project may call, by a key of its own or by what the gateway was configured with.
   *
   * @param vendors by default all of them
   * @throws StoreUnavailableError (503)
   */
  async offersTo(projectId: string, vendors: readonly Vendor[] = this.registry.all): Promise<Offer[]> {
    const offers = await Promise.all(vendors.map(vendor => this.offer(projectId, vendor)));
    return offers.filter(offer => offer !== null);
  }

  private async ask(projectId: string, vendor: Vendor): Promise<Endpoint> {
    return this.openedBy(await this.providerKeys.secretOf(projectId, vendor.id), vendor);
  }

  private async offer(projectId: string, vendor: Vendor): Promise<Offer | null> {
    try {
      const own = await this.providerKeys.secretOf(projectId, vendor.id);
      const isOpen = own !== null || this.registry.isSimulated || this.registry.isConfigured(vendor);
      return isOpen ? { vendor, endpoint: this.openedBy(own, vendor), problem: null } : null;
    } catch (error) {
      // The others can be called all the same.
      if (error instanceof UnreadableProviderKeyError || error instanceof NoVendorAddressError) {
        return { vendor, endpoint: null, problem: error.message };
      }
      throw error;
    }
  }

  /** @param own the project's key for the vendor, if it has one */
  private openedBy(own: string | null, vendor: Vendor): Endpoint {
    const endpoint = own === null ? this.gatewayEndpoint(vendor) : endpointOf(vendor, own);
    if (!endpoint) {
      throw new NoVendorKeyError(vendor.name, vendor.id);
    }
    return endpoint;
  }

  private gatewayEndpoint(vendor: Vendor): Endpoint | null {
    let endpoint = this.gatewayEndpoints.get(vendor.id);
    if (endpoint === undefined) {
      endpoint = this.makeGatewayEndpoint(vendor);
      this.gatewayEndpoints.set(vendor.id, endpoint);
    }
    return endpoint;
  }

  private makeGatewayEndpoint(vendor: Vendor): Endpoint | null {
    if (this.registry.isSimulated) {
      return this.simulatorEndpoint(vendor);
    }
    const key = this.registry.gatewayKey(vendor);
    return key === undefined ? null : endpointOf(vendor, key);
  }

  /** The simulator takes the vendor's name before the path that the vendor itself is asked at. */
  private simulatorEndpoint(vendor: Vendor): Endpoint {
    const { origin } = new URL(vendor.baseUrl);
    const baseUrl = `http://127.0.0.1:${this.config.simulatorPort}/${vendor.id}${vendor.baseUrl.slice(origin.length)}`;
    return { baseUrl, apiKey: '', headers: vendor.credentials(SIMULATOR_KEY), simulated: true };
  }
}

/** With the key of one record, whichever vendor it is for. @throws NoVendorAddressError (502) */
export function endpointOf(vendor: Vendor, apiKey: string): Endpoint {
  if (vendor.needsAddress) {
    throw new NoVendorAddressError(vendor);
  }
  return { ...endpointWith(vendor, apiKey), simulated: false };
}

import { Injectable } from '@nestjs/common';
import { ProviderKeysService, UnreadableProviderKeyError } from '@app/projects';
import {
  AccessTokens,
  endpointWith,
  ProviderRegistry,
  UnusableKeyError,
  type Vendor,
  type VendorEndpoint,
} from '@app/providers';
import { NoVendorAddressError, NoVendorKeyError } from '@app/routing';
import { Config, UpstreamError } from '@app/shared';

export interface Endpoint extends VendorEndpoint {
  /** The simulator answers in the vendor's place. */
  readonly simulated: boolean;
}

/** Of an answer that is replayed: nobody is asked anywhere. */
export function nowhere(simulated: boolean): Endpoint {
  return { baseUrl: '', apiKey: '', headers: {}, simulated };
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
/** What can be wrong with one vendor's key or address while the others can be called. */
const PROBLEMS = [UnreadableProviderKeyError, NoVendorAddressError, UnusableKeyError, UpstreamError];

/** Whose key opens a vendor's door: the project's own first, then the gateway's, then (nobody has one) the simulator's. */
@Injectable()
export class EndpointService {
  private readonly gatewayEndpoints = new Map<string, Endpoint | null>();

  constructor(
    private readonly providerKeys: ProviderKeysService,
    private readonly registry: ProviderRegistry,
    private readonly config: Config,
    private readonly tokens: AccessTokens,
  ) {}

  /**
   * At once, when the project's keys were asked for within the last second.
   *
   * @throws NoVendorKeyError (502) when neither project nor gateway has a key
   * @throws NoVendorAddressError (502) when the vendor gives each customer an address, and none is configured
   * @throws UnusableKeyError (502), UpstreamError where a key has to buy a token, and buys none
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
      return isOpen ? { vendor, endpoint: await this.openedBy(own, vendor), problem: null } : null;
    } catch (error) {
      // The others can be called all the same.
      if (!(error instanceof Error) || !PROBLEMS.some(kind => error instanceof kind)) {
        throw error;
      }
      return { vendor, endpoint: null, problem: error.message };
    }
  }

  /**
   * With a key of the project's own; null for the gateway's.
   *
   * @throws as `of`, but for the store
   */
  openedBy(own: string | null, vendor: Vendor): Endpoint | Promise<Endpoint> {
    const endpoint = own === null ? this.gatewayEndpoint(vendor) : this.openedWith(own, vendor);
    if (!endpoint) {
      throw new NoVendorKeyError(vendor);
    }
    return endpoint;
  }

  private openedWith(apiKey: string, vendor: Vendor): Endpoint | Promise<Endpoint> {
    if (vendor.needsAddress) {
      throw new NoVendorAddressError(vendor);
    }
    return vendor.tokens
      ? this.tokens.endpointOf(vendor, vendor.tokens, apiKey).then(real)
      : real(endpointWith(vendor, apiKey));
  }

  private gatewayEndpoint(vendor: Vendor): Endpoint | Promise<Endpoint> | null {
    const known = this.gatewayEndpoints.get(vendor.id);
    if (known !== undefined) {
      return known;
    }
    const endpoint = this.makeGatewayEndpoint(vendor);
    if (!(endpoint instanceof Promise)) {
      this.gatewayEndpoints.set(vendor.id, endpoint); // a token is another one from time to time
    }
    return endpoint;
  }

  private makeGatewayEndpoint(vendor: Vendor): Endpoint | Promise<Endpoint> | null {
    if (this.registry.isSimulated) {
      return this.simulatorEndpoint(vendor);
    }
    const key = this.registry.gatewayKey(vendor);
    return key === undefined ? null : this.openedWith(key, vendor);
  }

  /** The simulator takes the vendor's name before the path that the vendor itself is asked at. */
  private simulatorEndpoint(vendor: Vendor): Endpoint {
    const { origin } = new URL(vendor.baseUrl);
    const baseUrl = `http://127.0.0.1:${this.config.simulatorPort}/${vendor.id}${vendor.baseUrl.slice(origin.length)}`;
    return { baseUrl, apiKey: '', headers: vendor.credentials(SIMULATOR_KEY), simulated: true };
  }
}

function real(endpoint: VendorEndpoint): Endpoint {
  return { ...endpoint, simulated: false };
}

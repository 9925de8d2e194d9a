import { Injectable } from '@nestjs/common';
import { ProviderKeysService } from '@app/projects';
import { ProviderRegistry, type Vendor } from '@app/providers';
import { Config } from '@app/shared';
import { NoVendorKeyError } from './inference.errors.js';

/** Where a vendor is reached and with which headers. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The simulator answers in the vendor's place. */
  readonly simulated: boolean;
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
   * @throws NoVendorKeyError (502) when neither project nor gateway has a key
   * @throws StoreUnavailableError (503)
   */
  async of(projectId: string, vendor: Vendor): Promise<Endpoint> {
    const own = await this.providerKeys.secretOf(projectId, vendor.id);
    const endpoint = own === null ? this.gatewayEndpoint(vendor) : endpointOf(vendor, vendor.baseUrl, own);
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
    const key = this.registry.gatewayKey(vendor);
    if (key !== undefined) {
      return endpointOf(vendor, vendor.baseUrl, key);
    }
    if (!this.registry.isSimulated) {
      return null;
    }
    const { pathname } = new URL(vendor.baseUrl);
    const baseUrl = `http://127.0.0.1:${this.config.simulatorPort}${pathname === '/' ? '' : pathname}`;
    return { ...endpointOf(vendor, baseUrl, SIMULATOR_KEY), simulated: true };
  }
}

/** With the key of one record, whichever vendor it is for. */
export function endpointOf(vendor: Vendor, baseUrl: string, apiKey: string): Endpoint {
  return { baseUrl, headers: apiKey === '' ? {} : vendor.credentials(apiKey), simulated: false };
}

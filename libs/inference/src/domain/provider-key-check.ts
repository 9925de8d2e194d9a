import { Injectable } from '@nestjs/common';
import { ProviderKeysService } from '@app/projects';
import {
  listRequest,
  ProviderRegistry,
  type Vendor,
  VendorClient,
  type VendorResponse,
} from '@app/providers';
import { concealed, ConflictError, GatewayError, UpstreamError } from '@app/shared';
import { EndpointService } from './endpoint.service.js';
import { readVendorFailure } from './vendor-answer.js';

/** How vendors refuse a key; a list of models gives no other reason for any of them (Google answers 400). */
const REFUSALS = new Set([400, 401, 402, 403]);
const TAKEN = 'The vendor takes this key.';
const DEADLINE_MS = 15_000;
const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;

export interface KeyVerdict {
  /** Null when the vendor's answer proves neither. */
  readonly valid: boolean | null;
  /** What the vendor answered. */
  readonly status: number;
  readonly message: string;
}

/** Asks a vendor whether it takes a project's key. */
@Injectable()
export class ProviderKeyCheck {
  constructor(
    private readonly providerKeys: ProviderKeysService,
    private readonly registry: ProviderRegistry,
    private readonly client: VendorClient,
    private readonly endpoints: EndpointService,
  ) {}

  /**
   * @throws NotFoundError (404); ConflictError (409) when this gateway does not know the vendor, or cannot ask it
   * @throws NoVendorAddressError (502)
   * @throws UpstreamError when the vendor's answer says nothing about the key
   */
  async verify(projectId: string, keyId: string): Promise<KeyVerdict> {
    const { provider, secret } = await this.providerKeys.storedSecret(projectId, keyId);
    const vendor = this.registry.get(provider);
    if (!vendor) {
      throw new ConflictError(`The vendor '${provider}' is not known here.`, 'unknown_provider');
    }
    if (vendor.tokens) {
      return this.buyToken(vendor, secret);
    }
    const response = await this.ask(vendor, secret);
    if (response.status < 400) {
      return accept(vendor, response);
    }
    const { status } = response;
    const failure = concealed(await readVendorFailure({ vendor, dialect: vendor.dialect }, response), secret);
    if (!REFUSALS.has(status)) {
      throw failure;
    }
    return { valid: false, status, message: failure.message };
  }

  /** A key that buys a token is one, whatever its account may do then. */
  private async buyToken(vendor: Vendor, secret: string): Promise<KeyVerdict> {
    try {
      await this.endpoints.openedBy(secret, vendor);
      return { valid: true, status: 200, message: TAKEN };
    } catch (error) {
      const status = error instanceof UpstreamError ? error.upstreamStatus : 400;
      if (!(error instanceof GatewayError) || !REFUSALS.has(status ?? 0)) {
        throw error;
      }
      return { valid: false, status: status ?? 0, message: error.message };
    }
  }

  /** For a list of its models: a question without a price, that most vendors answer a valid key only. */
  private async ask(vendor: Vendor, secret: string): Promise<VendorResponse> {
    if (vendor.unlisted) {
      throw new ConflictError(
        `${vendor.name} lists no models, so its keys cannot be checked for free. Send a call instead.`,
        'key_not_checkable',
      );
    }
    const endpoint = await this.endpoints.openedBy(secret, vendor);
    return this.client.send(listRequest(vendor, endpoint, null, AbortSignal.timeout(DEADLINE_MS)));
  }
}

/** @throws UpstreamError when it is no answer of an API, but a page of some proxy */
async function accept(
  { id: vendor, name, listsToAnybody }: Vendor,
  response: VendorResponse,
): Promise<KeyVerdict> {
  const { status } = response;
  const body = await response.collect(vendor, ANSWER_LIMIT_BYTES);
  if (status >= 300 || !/^\s*[{[]/.test(body.toString('utf8', 0, 100))) {
    throw new UpstreamError({
      vendor,
      upstreamStatus: null,
      code: 'malformed_answer',
      message: `The vendor '${vendor}' answered the check with ${status} and no JSON. Check its address.`,
    });
  }
  if (listsToAnybody) {
    const message = `${name} can be reached and did not refuse this key, but it lists its models to anybody. Send a call to be sure.`;
    return { valid: null, status, message };
  }
  return { valid: true, status, message: TAKEN };
}

import { Injectable } from '@nestjs/common';
import type { VendorDialect } from '@app/dialects';
import { ProviderKeysService } from '@app/projects';
import { ProviderRegistry, VendorClient, type VendorResponse } from '@app/providers';
import { ConflictError, redact, UpstreamError } from '@app/shared';
import { endpointOf } from './endpoint.service.js';
import { readVendorFailure } from './vendor-answer.js';

/** The cheapest question of each dialect that only a valid key is answered: a list of models. */
const CHEAP_QUESTION: Readonly<Record<VendorDialect['id'], string>> = {
  'openai-chat': '/models',
  'openai-responses': '/models',
  'anthropic-messages': '/v1/models?limit=1',
  gemini: '/v1beta/models?pageSize=1',
};

/** How vendors refuse a key; a list of models gives no other reason for any of them (Google answers 400). */
const REFUSALS = new Set([400, 401, 402, 403]);
const DEADLINE_MS = 15_000;
const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;

export interface KeyVerdict {
  readonly valid: boolean;
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
  ) {}

  /**
   * @throws NotFoundError (404); ConflictError (409) when this gateway does not know the vendor
   * @throws UpstreamError when the vendor's answer says nothing about the key
   */
  async verify(projectId: string, keyId: string): Promise<KeyVerdict> {
    const { provider, secret } = await this.providerKeys.storedSecret(projectId, keyId);
    const vendor = this.registry.get(provider);
    if (!vendor) {
      throw new ConflictError(`The vendor '${provider}' is not known here.`, 'unknown_provider');
    }
    const { baseUrl, headers } = endpointOf(vendor, vendor.baseUrl, secret);
    const response = await this.client.send({
      vendor: vendor.id,
      method: 'GET',
      url: baseUrl + CHEAP_QUESTION[vendor.dialect.id],
      headers: { ...vendor.dialect.headers, ...headers },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (response.status < 400) {
      return accept(vendor.id, response);
    }
    const { status } = response;
    const failure = await readVendorFailure({ vendor }, response);
    if (!REFUSALS.has(status)) {
      throw failure;
    }
    return { valid: false, status, message: redact(failure.message).replaceAll(secret, '[redacted]') };
  }
}

/** @throws UpstreamError when it is no answer of an API, but a page of some proxy */
async function accept(vendor: string, response: VendorResponse): Promise<KeyVerdict> {
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
  return { valid: true, status, message: 'The vendor takes this key.' };
}

import type { Vendor } from '@app/providers';
import { GatewayError, InvalidRequestError, providerVariable } from '@app/shared';
import { nearVendors } from './near-vendors.js';

const WELL_KNOWN = ['openai/gpt-5', 'anthropic/claude-sonnet-5', 'google/gemini-3-pro'];

/** 404: no vendor is known for the name. */
export class UnknownModelError extends GatewayError {
  /** The message where only a model will do, and no policy. */
  readonly reason: string;

  constructor(model: string, vendors: readonly Vendor[]) {
    const ids = vendors.map(({ id }) => id);
    const [prefix] = model.split('/');
    const [near] = nearVendors(prefix ?? '', ids);
    const hint = near ? ` Did you mean '${near}/…'?` : '';
    const unknown = `No vendor is known for the model '${model.slice(0, 200)}'.${hint} Ask for 'vendor/model', such as '`;
    const examples = `${WELL_KNOWN.join("', '")}'`;
    const vendorsHere = `; the vendors here are ${ids.join(', ')}.`;
    super(`${unknown}${examples}, or make a routing policy of that name${vendorsHere}`, {
      status: 404,
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
    });
    this.reason = `${unknown}${examples}${vendorsHere}`;
  }
}

/** 400: the draft of a policy would change nothing, as the call does not ask for it. */
export class StrayDraftError extends InvalidRequestError {
  constructor(draft: string, model: string) {
    super(
      `policy.name: a call for '${model}' does not come to the policy '${draft}'. Give the policy the very name that ` +
        "'model' has, or one of 'models'.",
      'policy.name',
    );
  }
}

/** 502: the vendor is known, but nobody gave the gateway a key for it. */
export class NoVendorKeyError extends GatewayError {
  constructor({ name, id }: Vendor) {
    super(
      `There is no key for ${name}. Add one to the project (POST /admin/projects/{id}/provider-keys), or set ` +
        `${providerVariable(id)}_API_KEY.`,
      { status: 502, type: 'upstream_error', code: 'no_provider_key', shouldRetry: false },
    );
  }
}

/** 502: each customer of the vendor has an address, and nobody gave the gateway one. */
export class NoVendorAddressError extends GatewayError {
  constructor({ name, id, baseUrl }: Vendor) {
    super(`The address of ${name} is not known. Set ${providerVariable(id)}_BASE_URL, such as ${baseUrl}.`, {
      status: 502,
      type: 'upstream_error',
      code: 'no_provider_address',
      shouldRetry: false,
    });
  }
}

import { GatewayError } from '@app/shared';

/** 502: a vendor's key is not of the kind that the vendor gives out. The message says what it must be, never what it is. */
export class UnusableKeyError extends GatewayError {
  /** What the key must be, as a sentence. */
  constructor(readonly expectation: string) {
    super(`The key for this vendor cannot be used. ${expectation}`, {
      status: 502,
      type: 'upstream_error',
      code: 'unusable_provider_key',
      shouldRetry: false,
    });
  }
}

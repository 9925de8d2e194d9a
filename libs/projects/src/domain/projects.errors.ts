import { GatewayError } from '@app/shared';

/** 500: the envelope was sealed with another encryption key, moved from another record, or damaged. */
export class UnreadableProviderKeyError extends GatewayError {
  constructor(provider: string, cause: unknown) {
    super(
      `The project's key for '${provider}' cannot be opened with the gateway's encryption key. Restore that ` +
        'encryption key, or delete the provider key and store it again.',
      { status: 500, type: 'api_error', code: 'provider_key_unreadable', shouldRetry: false, cause },
    );
  }
}

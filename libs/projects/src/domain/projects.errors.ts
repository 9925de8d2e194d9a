import { GatewayError, LostEncryptionKeyError } from '@app/shared';

/** 500: the envelope was sealed with another encryption key, moved from another record, or damaged. */
export class UnreadableProviderKeyError extends GatewayError {
  constructor(provider: string, cause: unknown) {
    const reason =
      cause instanceof LostEncryptionKeyError
        ? `was encrypted with the key '${cause.keyId}', which the gateway does not have any more. Put that key back into the ring`
        : "cannot be opened with the gateway's encryption key. Restore the database";
    super(`The project's key for '${provider}' ${reason}, or delete the provider key and store it again.`, {
      status: 500,
      type: 'api_error',
      code: 'provider_key_unreadable',
      shouldRetry: false,
      cause,
    });
  }
}

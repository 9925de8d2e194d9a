import { ConflictError, GatewayError, LostEncryptionKeyError } from '@app/shared';

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

/** 403: the key works, but not for this; the message names what it may do. */
export class OutsideScopeError extends GatewayError {
  constructor(who: string, what: string, allowed: readonly string[]) {
    super(`${who} may not use ${what}. It may use: ${allowed.join(', ')}.`, {
      status: 403,
      type: 'permission_error',
      code: 'outside_scope',
    });
  }
}

/** 409 */
export class ProjectDeletedError extends ConflictError {
  constructor(id: string) {
    super(`The project '${id}' is deleted. Restore it first.`, 'project_deleted');
  }
}

/** 409: somebody must be left who can let others in. */
export class LastOwnerError extends GatewayError {
  constructor() {
    super('This is the last owner. Make another user an owner first.', {
      status: 409,
      type: 'invalid_request_error',
      code: 'last_owner',
    });
  }
}

import { ConflictError, GatewayError, LostEncryptionKeyError } from '@app/shared';

/** 409 */
export class TooManyAlertsError extends ConflictError {
  constructor(most: number) {
    super(`There are ${most} alerts, and no more are watched. Delete one first.`, 'too_many_alerts');
  }
}

/** 500: the envelope was sealed with another encryption key, or damaged. */
export class UnreadableAlertError extends GatewayError {
  constructor(id: string, cause: unknown) {
    const reason =
      cause instanceof LostEncryptionKeyError
        ? `was encrypted with the key '${cause.keyId}', which the gateway does not have any more. Put that key back into the ring`
        : "cannot be opened with the gateway's encryption key. Restore the database";
    super(`Where the alert '${id}' goes ${reason}, or send its \`url\` and \`secret\` anew.`, {
      status: 500,
      type: 'api_error',
      code: 'alert_unreadable',
      shouldRetry: false,
      cause,
    });
  }
}

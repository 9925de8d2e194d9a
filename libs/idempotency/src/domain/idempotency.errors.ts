import { ConflictError, GatewayError, InvalidRequestError, type StoreUnavailableError } from '@app/shared';

export const IDEMPOTENCY_KEY = 'idempotency-key';

/** 400 */
export class InvalidIdempotencyKeyError extends InvalidRequestError {
  constructor(mostCharacters: number) {
    super(
      `'Idempotency-Key' must have 1 to ${mostCharacters} printable ASCII characters. Send a new UUID for every new request.`,
      IDEMPOTENCY_KEY,
      'invalid_idempotency_key',
    );
  }
}

/** 413 */
export class TooLargeToCompareError extends GatewayError {
  constructor(limitBytes: number) {
    super(
      `With an Idempotency-Key a body may have ${limitBytes} bytes, since it is compared as a whole. Send less, or no key.`,
      {
        status: 413,
        type: 'invalid_request_error',
        code: 'request_too_large',
        param: IDEMPOTENCY_KEY,
      },
    );
  }
}

/** 409: the key belongs to another request. No SDK shall try again by itself: it would be told the same. */
export class IdempotencyKeyReusedError extends GatewayError {
  constructor() {
    super(
      'This Idempotency-Key was used with another request (address, body, routing headers, or a limited key). ' +
        'Send the same request again, or a new key.',
      {
        status: 409,
        type: 'invalid_request_error',
        code: 'idempotency_key_reused',
        param: IDEMPOTENCY_KEY,
        shouldRetry: false,
      },
    );
  }
}

/** 409: the first request is under way where nobody can join it. */
export class IdempotencyKeyInUseError extends GatewayError {
  constructor() {
    super(
      'The first request with this Idempotency-Key is still under way. Try again with the same key when it is done.',
      {
        status: 409,
        type: 'invalid_request_error',
        code: 'idempotency_key_in_use',
        param: IDEMPOTENCY_KEY,
        retryAfterMs: 2000,
        shouldRetry: true,
      },
    );
  }
}

/** 409: the first request was answered, and asking a vendor again would be paid twice. */
export class AnswerNotKeptError extends ConflictError {
  override readonly shouldRetry = false;

  constructor(limitBytes: number) {
    super(
      `The first request with this Idempotency-Key was answered with more than ${limitBytes} bytes, which are not kept. ` +
        'Send a new key to ask, and pay, again.',
      'idempotency_answer_not_kept',
    );
  }
}

/** 503: without the store nobody knows whether the request was made before. */
export class IdempotencyUnavailableError extends GatewayError {
  constructor(cause: StoreUnavailableError) {
    super(
      'The gateway cannot reach its store, and so cannot tell whether this Idempotency-Key was used before. ' +
        'Try again shortly with the same key.',
      {
        status: cause.status,
        type: cause.type,
        code: cause.code,
        retryAfterMs: cause.retryAfterMs,
        cause: cause.cause,
      },
    );
  }
}

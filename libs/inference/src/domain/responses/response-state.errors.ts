import { GatewayError, InvalidRequestError } from '@app/shared';

/** 499 in the ledger: its caller cancelled or deleted it. */
export class ResponseCancelledError extends GatewayError {
  constructor() {
    super('The response was cancelled.', {
      status: 499,
      type: 'invalid_request_error',
      code: 'response_cancelled',
    });
  }
}

/** 429 */
export class TooManyBackgroundError extends GatewayError {
  constructor(limit: number) {
    super(`${limit} background responses of this project are in progress. Wait until one is done.`, {
      status: 429,
      type: 'rate_limit_error',
      code: 'too_many_background_responses',
      retryAfterMs: 5000,
    });
  }
}

/** 400: it comes in one piece. */
export class NotStreamableError extends InvalidRequestError {
  constructor() {
    super(
      "A response that the gateway keeps cannot be streamed again. Leave 'stream' out.",
      'stream',
      'not_streamable',
    );
  }
}

/** 400: the operator turned it off. */
export class KeepingIsOffError extends InvalidRequestError {
  constructor() {
    super(
      "Nothing is kept here (AI_GATEWAY_RESPONSES_TTL_MS=0, or the project's retentionResponseDays). Send the whole conversation as 'input'.",
      null,
      'keeping_is_off',
    );
  }
}

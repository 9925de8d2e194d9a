import { GatewayError, type Quota, quotaHeaders } from '@app/shared';

/** 429: the project, or the key, used up its requests of this minute. */
export class RequestLimitError extends GatewayError {
  /** @param whose as the caller reads it, e.g. `The project` */
  constructor(whose: string, quota: Quota, retryAfterMs: number) {
    super(
      `${whose} may make ${quota.limit} requests a minute. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
      {
        status: 429,
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        retryAfterMs,
        headers: quotaHeaders(quota),
      },
    );
  }
}

/** 503: how much was used cannot be found out, and the operator wants nobody let in then. */
export class LimitsUnavailableError extends GatewayError {
  constructor(cause?: unknown) {
    super('The gateway cannot count the calls of this project at the moment. Try again shortly.', {
      status: 503,
      type: 'service_unavailable_error',
      code: 'limits_unavailable',
      retryAfterMs: 1000,
      cause,
    });
  }
}

/** 429: the project, or the key, has as many open calls as it may have. */
export class ConcurrencyLimitError extends GatewayError {
  /** @param whose as the caller reads it, e.g. `The project` */
  constructor(whose: string, limit: number) {
    super(`${whose} may have ${limit} calls open at the same time. Wait for one of them to end.`, {
      status: 429,
      type: 'rate_limit_error',
      code: 'concurrency_limit_exceeded',
      retryAfterMs: 1000,
    });
  }
}

/** 429: the project, or the key, has not enough left of its tokens of this minute. */
export class TokenLimitError extends GatewayError {
  /** @param whose as the caller reads it, e.g. `The project` */
  constructor(
    whose: string,
    quota: Quota,
    asked: { readonly tokens: number; readonly retryAfterMs: number },
  ) {
    const { tokens, retryAfterMs } = asked;
    super(
      `${whose} may use ${quota.limit} tokens a minute, of which ${quota.remaining} are left; this request may use ` +
        `${tokens}. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
      {
        status: 429,
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        retryAfterMs,
        headers: quotaHeaders(quota, 'tokens'),
      },
    );
  }
}

/** 429, as OpenAI says it, of a request that no waiting helps: it may use more tokens than a whole minute has. */
export class TooManyTokensError extends GatewayError {
  /** @param whose as the caller reads it, e.g. `The project` */
  constructor(whose: string, limit: number, tokens: number) {
    super(
      `Request too large: it may use ${tokens} tokens, and ${whose.charAt(0).toLowerCase()}${whose.slice(1)} may use ` +
        `${limit} a minute. Send a shorter prompt, or ask for fewer tokens of output.`,
      { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', shouldRetry: false },
    );
  }
}

export interface GatewayErrorOptions {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Error family in OpenAI's words, e.g. `invalid_request_error`; other dialects derive theirs from the status. */
  readonly type: string;
  /** Stable machine-readable code, e.g. `model_not_found`. */
  readonly code?: string | null;
  /** The request field at fault, as the caller spelled it. */
  readonly param?: string | null;
  /** When a retry makes sense, in ms from now. */
  readonly retryAfterMs?: number;
  /** False when the caller's SDK must not try again; sent as `x-should-retry`. */
  readonly shouldRetry?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Sent along with the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * The one error every service throws. It is rendered once, in the dialect of the endpoint that was called.
 * Messages tell the caller what to do next and never hold a secret.
 */
export class GatewayError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly retryAfterMs?: number;
  readonly shouldRetry?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;

  constructor(message: string, options: GatewayErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
    this.type = options.type;
    this.code = options.code ?? null;
    this.param = options.param ?? null;
    this.retryAfterMs = options.retryAfterMs;
    this.shouldRetry = options.shouldRetry;
    this.metadata = options.metadata;
    this.headers = options.headers;
  }
}

/** 400: the request cannot be understood or carried out; `param` names the field. */
export class InvalidRequestError extends GatewayError {
  constructor(message: string, param: string | null = null, code = 'invalid_request') {
    super(message, { status: 400, type: 'invalid_request_error', code, param });
  }
}

/** 404 */
export class NotFoundError extends GatewayError {
  constructor(what: string, id: string) {
    super(`${what} '${id}' does not exist.`, { status: 404, type: 'not_found_error', code: 'not_found' });
  }
}

/** 409: the record is not in a state that allows it. */
export class ConflictError extends GatewayError {
  constructor(message: string, code: string) {
    super(message, { status: 409, type: 'invalid_request_error', code });
  }
}

/** 413 */
export class BodyTooLargeError extends GatewayError {
  constructor(readonly limitBytes: number) {
    super(`The request body is larger than ${limitBytes} bytes. Send less, or raise the limit.`, {
      status: 413,
      type: 'invalid_request_error',
      code: 'request_too_large',
    });
  }
}

/** 503: the store does not answer. The caller's key may be fine, hence never 401. */
export class StoreUnavailableError extends GatewayError {
  constructor(cause?: unknown) {
    super('The gateway cannot reach its store at the moment. Try again shortly.', {
      status: 503,
      type: 'service_unavailable_error',
      code: 'store_unavailable',
      retryAfterMs: 1000,
      cause,
    });
  }
}

/** 500: what went wrong is in the log, and says nothing to a caller. */
export class InternalError extends GatewayError {
  constructor(cause?: unknown) {
    super('Internal error.', { status: 500, type: 'api_error', code: 'internal_error', cause });
  }
}

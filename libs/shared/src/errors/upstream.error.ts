import { redact, withoutSecret } from '../logging/redact.js';
import { GatewayError } from './gateway.error.js';

export interface UpstreamFailure {
  readonly vendor: string;
  /** Status the vendor answered, or null when it never did (connection refused, cut, time-out). */
  readonly upstreamStatus: number | null;
  readonly message: string;
  /** The vendor's word for the kind of error, where callers of its own API know it. */
  readonly type?: string | null;
  /** Null: the vendor told the error without a code. */
  readonly code?: string | null;
  readonly param?: string | null;
  readonly retryAfterMs?: number;
  /** The vendor says that trying again cannot help (quota gone, spend limit reached). */
  readonly final?: boolean;
  readonly cause?: unknown;
}

const KEPT = new Set([400, 404, 408, 409, 413, 415, 422, 429, 503, 504]);
/** The operator's key or account is at fault. */
const OPERATORS = new Set([401, 402, 403]);

/**
 * The vendor failed. Its 400, 404, 413, 422, 429 keep status and message; a 401, 402 or 403 is our 502, because the
 * caller's key was fine and the operator's was not; the rest is 502, 503 or 504. `retryable` is all that the executor asks.
 *
 * What the vendor said holds nothing that looks like a key; a key that looks like nothing goes with `without`.
 */
export class UpstreamError extends GatewayError {
  readonly vendor: string;
  readonly upstreamStatus: number | null;
  readonly retryable: boolean;

  /** Not enumerable: it must not be found in a log. */
  readonly #failure: UpstreamFailure;

  constructor(failure: UpstreamFailure) {
    const status = callerStatus(failure.upstreamStatus);
    super(redact(failure.message), {
      status,
      type: (status < 500 && masked(failure.type)) || typeOf(status),
      code: masked(failure.code) ?? codeOf(status, failure.code === null),
      param: masked(failure.param),
      retryAfterMs: failure.retryAfterMs,
      shouldRetry: failure.final || isOperators(failure) ? false : undefined,
      cause: failure.cause,
    });
    this.#failure = failure;
    this.vendor = failure.vendor;
    this.upstreamStatus = failure.upstreamStatus;
    this.retryable = !failure.final && isTransient(failure.upstreamStatus);
  }

  /** For another process, which makes the same error of it. */
  get told(): UpstreamFailure {
    const { cause: _cause, ...told } = this.#failure;
    return told;
  }

  /** The same error, in which the vendor does not repeat the key that it was sent (`''`: none was). */
  without(secret: string): UpstreamError {
    const { message, type, code, param, cause } = this.#failure;
    const strip = (text: string): string => withoutSecret(text, secret);
    const told = [message, type, code, param, cause instanceof Error ? cause.stack : null];
    if (!told.some(text => text && strip(text) !== text)) {
      return this;
    }
    return new UpstreamError({
      ...this.#failure,
      message: strip(message),
      type: type && strip(type),
      code: code && strip(code),
      param: param && strip(param),
      ...(cause instanceof Error && { cause: new Error(strip(cause.message)) }),
    });
  }
}

/** What failed at a vendor, without the key that it was sent; other errors stay as they are. */
export function concealed<Thrown>(error: Thrown, secret: string): Thrown | UpstreamError {
  return error instanceof UpstreamError ? error.without(secret) : error;
}

/** The vendor took longer than the deadline. */
export class UpstreamTimeoutError extends UpstreamError {
  constructor(vendor: string, afterMs: number) {
    super({
      vendor,
      upstreamStatus: 504,
      code: 'upstream_timeout',
      message: `The vendor '${vendor}' did not answer within ${afterMs} ms.`,
    });
  }
}

/** A wrong key is as wrong the next time, though our 502 looks like one that passes. */
function isOperators({ upstreamStatus }: UpstreamFailure): boolean {
  return upstreamStatus !== null && OPERATORS.has(upstreamStatus);
}

function masked<Text extends string | null | undefined>(text: Text): Text | string {
  return text && redact(text);
}

function callerStatus(upstream: number | null): number {
  if (upstream === null || upstream < 400 || OPERATORS.has(upstream)) {
    return 502;
  }
  if (KEPT.has(upstream)) {
    return upstream;
  }
  if (upstream === 529) {
    return 503; // Anthropic's own word; clients of other APIs do not know it
  }
  return upstream >= 500 ? 502 : 400;
}

function typeOf(status: number): string {
  if (status === 429) {
    return 'rate_limit_error';
  }
  if (status === 404) {
    return 'not_found_error';
  }
  return status >= 500 ? 'upstream_error' : 'invalid_request_error';
}

/** A vendor that told the caller's fault without a code is passed on so; one that told nothing gets ours. */
function codeOf(status: number, told: boolean): string | null {
  if (status === 429) {
    return 'rate_limit_exceeded';
  }
  return told && status < 500 ? null : 'upstream_error';
}

function isTransient(upstream: number | null): boolean {
  return upstream === null || upstream === 408 || upstream === 409 || upstream === 429 || upstream >= 500;
}

import { isObject, textAt, type Wire } from '../domain/wire.js';

/** An error as vendors put it into a body or a chunk. */
export interface EmbeddedError {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly status: number | null;
}

/**
 * The error in a JSON body, wherever the vendors of this dialect put it: `{error: {…}}`, `{error: "…"}`, a list of one
 * (Google), `{message}`, `{detail}` (Mistral, ElevenLabs) or `{err_msg}` (Deepgram). Null when there is none.
 */
export function findError(body: unknown): EmbeddedError | null {
  const wire = Array.isArray(body) ? body[0] : body;
  if (!isObject(wire)) {
    return null;
  }
  const { error } = wire;
  if (isObject(error)) {
    return describe(error);
  }
  if (typeof error === 'string' && error !== '') {
    return { ...describe(wire), message: error };
  }
  if (error || wire['object'] === 'error' || wire['type'] === 'error') {
    return describe(wire);
  }
  return null;
}

/** Like `findError`, for a body that is known to be an error whatever its shape. */
export function describeError(body: unknown): EmbeddedError | null {
  return findError(body) ?? (isObject(body) ? describe(body) : null);
}

function describe(error: Wire): EmbeddedError {
  const { type, detail, param } = error;
  if (isObject(detail) && textAt(detail, 'message') !== '') {
    return describe({ code: detail['status'], ...detail });
  }
  const code = error['code'] ?? error['err_code'];
  const message =
    textAt(error, 'message') ||
    textAt(error, 'err_msg') ||
    (typeof detail === 'string' ? detail : detail ? JSON.stringify(detail) : '');
  return {
    message: withRaw(message, error),
    type: typeof type === 'string' && type !== 'error' ? type : null,
    code: typeof code === 'string' ? code : null,
    param: typeof param === 'string' ? param : null,
    status: statusIn(error['status_code'] ?? code),
  };
}

/** OpenRouter says "Provider returned error" and puts what was the matter into `metadata.raw`. */
function withRaw(message: string, error: Wire): string {
  const raw = isObject(error['metadata']) ? textAt(error['metadata'], 'raw') : '';
  return raw === '' ? message : `${message}: ${raw}`;
}

function statusIn(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : null;
}

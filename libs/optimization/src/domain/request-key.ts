import { createHmac } from 'node:crypto';
import type { GenerationRequest } from '@app/dialects';
import { canonicalJson } from './canonical-json.js';

/** Goes up when answers that were kept before must not be found any more. */
const VERSION = 1;
/** A member of that name, and no text: a quote within a text has a backslash before it. */
const NATIVE_MEMBER = '"native":';

/** All that an answer may depend on. */
export interface KeyParts {
  readonly projectId: string;
  /** Null when all keys of the project share their answers. */
  readonly keyId: string | null;
  /** As the caller chose it; empty when it chose none. */
  readonly namespace: string;
  /** What the model's name came to, e.g. `openai/gpt-5`, or a policy with its version and the model asked for. */
  readonly target: string;
  readonly strict: boolean;
  /** Headers that go to the vendor, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the caller asks of its routing. */
  readonly routing: unknown;
  readonly request: GenerationRequest;
}

/**
 * Which requests have the same answer: those with the same key, HMAC-SHA-256, hex. Equal requests of two projects have
 * nothing in common.
 *
 * @param secret of the gateway; with another one all keys are other ones
 */
export function requestKey(secret: Buffer, parts: KeyParts): string {
  const ofProject = createHmac('sha256', secret).update(parts.projectId).digest();
  return createHmac('sha256', ofProject).update(meaningOf(parts)).digest('hex');
}

/**
 * Everything counts, bookkeeping too, but how the caller spelled it, and whether it wants to see usage in its stream:
 * no vendor is told that. The model is in `target`. Callers of two dialects ask the same until one says what only its own
 * dialect knows.
 */
function meaningOf({ request, ...asked }: KeyParts): string {
  const { model: _model, streamUsage: _streamUsage, native, ...said } = request;
  const question = canonicalJson(said);
  const { dialect, fields } = native;
  const isNative = Object.keys(fields).length > 0 || question.includes(NATIVE_MEMBER);
  return `[${VERSION},${canonicalJson(asked)},${question},${canonicalJson(isNative ? { dialect, fields } : null)}]`;
}

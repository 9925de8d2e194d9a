import type { GenerationRequest } from '@app/dialects';
import { canonicalJson } from './canonical-json.js';
import { hmac } from './hmac.js';
import { isPlain } from './plain/is-plain.js';

/** Goes up when answers that were kept before must not be found any more. */
const VERSION = 1;

/** All that an answer may depend on but what is asked. */
interface AskedBesides {
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
}

/** All that the answer to a chat may depend on. */
export interface KeyParts extends AskedBesides {
  readonly request: GenerationRequest;
  /** The caller's, of which the request was read. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** All that the answer to a task may depend on. */
export interface TaskKeyParts extends AskedBesides {
  /** Where it was asked, e.g. `/v1/embeddings`: each has words of its own. */
  readonly endpoint: string;
  /** The caller's, with numbers as they stand there. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Which requests have the same answer: those with the same key, HMAC-SHA-256, hex. Equal requests of two projects have
 * nothing in common.
 *
 * @param secret of the gateway; with another one all keys are other ones
 */
export function requestKey(secret: Buffer, parts: KeyParts): string {
  return keyed(secret, parts.projectId, meaningOf(parts));
}

/** The same for a task, which counts as it stands. */
export function taskKey(secret: Buffer, { endpoint, body, ...asked }: TaskKeyParts): string {
  const task = JSON.stringify([endpoint, { ...body, model: undefined }]);
  return keyed(secret, asked.projectId, `["task",${VERSION},${canonicalJson(asked)},${task}]`);
}

function keyed(secret: Buffer, projectId: string, meaning: string): string {
  return hmac(hmac(secret, projectId), meaning).toString('hex');
}

/**
 * Which requests are the same but for the turn that was left out of them: what `requestKey` is of the whole. Null for a
 * request that counts by its body, from which nothing can be left out. No room has the key of a request.
 */
export function roomKey(secret: Buffer, parts: KeyParts): string | null {
  const { request, body } = parts;
  return isShared(request, body) ? requestKey(secret, { ...parts, target: `room of ${parts.target}` }) : null;
}

/**
 * Everything counts, bookkeeping too, but whether the caller wants to see usage in its stream: no vendor is told that. The
 * model is in `target`. A plain request is the same in all dialects, any other one only the same as itself.
 */
function meaningOf({ request, body, ...asked }: KeyParts): string {
  const { model: _model, streamUsage: _streamUsage, native, settings, ...said } = request;
  const { dialect } = native;
  // Responses are kept unless the caller says no, everything else is not.
  const store = settings.store ?? dialect === 'openai-responses';
  const question = canonicalJson({ ...said, settings: { ...settings, store } });
  // The fields once more: their numbers are exact, the body's are doubles.
  const own = isShared(request, body) ? null : [dialect, { ...body, model: undefined }, native.fields];
  return `[${VERSION},${canonicalJson(asked)},${question},${JSON.stringify(own)}]`;
}

/** Whether other dialects have words for all of it. */
function isShared({ native }: GenerationRequest, body: KeyParts['body']): boolean {
  return Object.keys(native.fields).length === 0 && isPlain(native.dialect, body);
}

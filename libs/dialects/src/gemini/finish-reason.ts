import type { Finish, FinishReason } from '../domain/finish-reason.js';
import { entryOf, recordOr, stringOr, type Wire } from '../domain/wire.js';

/** PROTOCOLS 2.5. A reason newer than this table is a plain stop that keeps its name. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  IMAGE_OTHER: 'content-filter',
  OTHER: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'malformed-call',
  UNEXPECTED_TOOL_CALL: 'malformed-call',
  TOO_MANY_TOOL_CALLS: 'malformed-call',
  MALFORMED_RESPONSE: 'malformed-call',
  CONTINUATION: 'continuation',
};

/**
 * Why a candidate ended. Google says STOP for tool calls too, and may complain of a call that it sent whole (recorded
 * in …tool-return-matrix-direct-url-force-download-audio-google-vertex): what counts is whether calls came.
 */
export function mapFinish(candidate: Wire, called: boolean): Finish {
  const native = stringOr(candidate['finishReason'], null);
  const known = entryOf(REASONS, native) ?? 'stop';
  const reason = called && (known === 'stop' || known === 'malformed-call') ? 'tool-calls' : known;
  const detail = stringOr(candidate['finishMessage'], undefined);
  // Google explains successes as well.
  const explains = detail !== undefined && reason !== 'stop' && reason !== 'tool-calls';
  return { reason, native, ...(explains && { detail }) };
}

/** The prompt was blocked, so there is no candidate; null when it was not. */
export function mapBlock(body: Wire): Finish | null {
  const feedback = recordOr(body['promptFeedback']);
  const native = stringOr(feedback['blockReason'], null);
  if (native === null) {
    return null;
  }
  const detail = stringOr(feedback['blockReasonMessage'], undefined);
  return { reason: 'content-filter', native, ...(detail !== undefined && { detail }) };
}

/** Where Google has no word of its own for it, or is not the one who said it. */
const WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-full': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  pause: 'STOP',
  'malformed-call': 'MALFORMED_FUNCTION_CALL',
  continuation: 'CONTINUATION',
};

/** Reasons why a prompt is not answered. https://ai.google.dev/api/generate-content#BlockReason */
const BLOCKS: ReadonlySet<string> = new Set([
  'SAFETY',
  'OTHER',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'IMAGE_SAFETY',
  'MODEL_ARMOR',
  'JAILBREAK',
]);

/** Members of a candidate that say why it ended. Google's own word stands where it means the same. */
export function writeFinish({ reason, native, detail }: Finish, refused: boolean): Wire {
  const word = native !== null && entryOf(REASONS, native) === reason ? native : WORDS[reason];
  return {
    finishReason: refused && word === 'STOP' ? WORDS['content-filter'] : word,
    ...(detail !== undefined && { finishMessage: detail }),
  };
}

/** `promptFeedback` in the place of a candidate, when Google answered nothing at all; null when it stands for no block. */
export function writeBlock({ reason, native, detail }: Finish): Wire | null {
  return reason === 'content-filter' && native !== null && BLOCKS.has(native)
    ? { blockReason: native, ...(detail !== undefined && { blockReasonMessage: detail }) }
    : null;
}

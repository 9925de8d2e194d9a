import type { Finish, FinishReason } from '../domain/finish-reason.js';
import { recordOr, stringOr, type Wire } from '../domain/wire.js';

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
  const known = REASONS[native ?? ''] ?? 'stop';
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

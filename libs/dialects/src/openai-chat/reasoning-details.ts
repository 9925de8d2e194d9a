import type { ReasoningPart, Signature } from '../domain/part.js';
import { isObject, textAt, type Wire } from '../domain/wire.js';

/**
 * `reasoning_details`: chat's only convention for reasoning that must come back with its signature.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
export type DetailOpener = (detail: Wire) => Signature | undefined;

/** One detail as a part; null when it holds nothing. */
export function readDetail(detail: Wire, openSignature: DetailOpener): ReasoningPart | null {
  const redacted = detail['type'] === 'reasoning.encrypted';
  const text = textAt(detail, 'text') || textAt(detail, 'summary');
  const signature = openSignature(detail);
  if (text === '' && !signature) {
    return null;
  }
  return {
    kind: 'reasoning',
    text,
    ...(signature && { signature }),
    ...(redacted && signature && { redacted }),
  };
}

/** What proves a detail, if anything does. */
export function proofOf(detail: Wire): string {
  return textAt(detail, 'data') || textAt(detail, 'signature');
}

/** A vendor wants its details back unchanged, so the payload holds the whole of it but for the text. */
export function packDetail(detail: Wire): string {
  const { text: _text, summary: _summary, ...rest } = detail;
  return JSON.stringify(rest);
}

/** The detail as its vendor sent it. */
export function unpackDetail(part: ReasoningPart, payload: string): Wire {
  const detail = parseDetail(payload);
  if (part.redacted) {
    return detail ?? { type: 'reasoning.encrypted', data: payload };
  }
  return { ...(detail ?? { type: 'reasoning.text', signature: payload }), text: part.text };
}

function parseDetail(payload: string): Wire | null {
  if (!payload.startsWith('{')) {
    return null;
  }
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** For a caller: text and sealed signature, or the sealed ciphertext alone. */
export function sealedDetail(
  part: Pick<ReasoningPart, 'text' | 'redacted'>,
  sealed: string,
  index: number,
): Wire {
  return part.redacted
    ? { type: 'reasoning.encrypted', data: sealed, index }
    : { type: 'reasoning.text', text: part.text, signature: sealed, index };
}

import type { SignatureSeal, Target } from '../domain/dialect.js';
import type { NativePart, ReasoningPart, Signature } from '../domain/part.js';
import { optionalText } from '../domain/fields.js';
import { objectsAt, textAt, type Wire } from '../domain/wire.js';
import { unmark } from './reasoning-marks.js';

/** Between the parts of a summary, whole and streamed alike. */
export const SUMMARY_SEPARATOR = '\n\n';

/**
 * A reasoning item that a caller sends back. Its cipher is opened when this gateway sealed it; another's goes only to a
 * vendor of this dialect, which finds it in the item itself.
 */
export function readReasoningItem(item: Wire, path: string, seal: SignatureSeal): ReasoningPart | NativePart {
  const text = reasoningText(item);
  const sealed = optionalText(item, 'encrypted_content', path) ?? '';
  const opened = sealed === '' ? null : seal.open(sealed);
  if (!opened) {
    return text === ''
      ? { kind: 'native', dialect: 'openai-responses', value: item }
      : { kind: 'reasoning', text, native: item };
  }
  return { kind: 'reasoning', text, ...unmark(opened), native: item };
}

/** A reasoning item of a vendor's answer; null when it says nothing and cannot come back. */
export function readReasoningOutput(item: Wire, target: Target): ReasoningPart | null {
  const text = reasoningText(item);
  const signature = signatureOf(item, target);
  return text === '' && !signature ? null : { kind: 'reasoning', text, ...(signature && { signature }) };
}

export function signatureOf(item: Wire, { vendor, model }: Target): Signature | undefined {
  const payload = textAt(item, 'encrypted_content');
  const id = textAt(item, 'id');
  return payload === '' ? undefined : { issuer: vendor, model, payload, ...(id && { id }) };
}

/** Open models (gpt-oss, DeepSeek) show their reasoning itself, OpenAI's a summary. */
export function reasoningText(item: Wire): string {
  const summary = objectsAt(item, 'summary').map(part => textAt(part, 'text'));
  return summary.length > 0
    ? summary.join(SUMMARY_SEPARATOR)
    : objectsAt(item, 'content')
        .map(part => textAt(part, 'text'))
        .join('');
}

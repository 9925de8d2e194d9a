import type { Target } from '../domain/dialect.js';
import type { Citation, NativePart, Signature } from '../domain/part.js';
import { stringOr, type Wire } from '../domain/wire.js';

/** Source passages and pages are Anthropic's own affair and stay in `native`; URLs, titles and quotes are common. */
export function readCitation(citation: Wire): Citation {
  const url = stringOr(citation['url'], undefined);
  const title = stringOr(citation['title'], stringOr(citation['document_title'], undefined));
  const quote = stringOr(citation['cited_text'], undefined);
  return {
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { quote }),
    native: citation,
  };
}

export function signatureOf(payload: string, { vendor, model }: Target): Signature {
  return { issuer: vendor, model, payload };
}

/** Server tool use, its results, and whatever is newer than this reader. */
export function nativePart(value: Wire): NativePart {
  return { kind: 'native', dialect: 'anthropic-messages', value };
}

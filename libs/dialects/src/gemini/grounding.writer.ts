import type { Citation } from '../domain/part.js';
import { isObject, recordOr, type Wire } from '../domain/wire.js';

/** A citation and the text it cites for. */
export interface CitedText {
  /** Position of the text in its candidate's parts; undefined in streams, where the whole text counts. */
  readonly partIndex: number | undefined;
  readonly text: string;
  readonly citation: Citation;
}

/** `groundingMetadata`, whose offsets count UTF-8 bytes; undefined when nothing is cited. */
export function writeGrounding(cited: readonly CitedText[]): Wire | undefined {
  if (cited.length === 0) {
    return undefined;
  }
  const chunks = new Map<string, { readonly index: number; readonly chunk: Wire }>();
  const supports: Wire[] = [];
  const first = cited[0]?.partIndex;
  for (const each of cited) {
    const chunk = chunkOf(each.citation);
    const key = JSON.stringify(chunk);
    const known = chunks.get(key) ?? { index: chunks.size, chunk };
    chunks.set(key, known);
    // Without a support a source belongs to the first text.
    if (each.citation.end !== undefined || each.partIndex !== first || hasSupport(each.citation)) {
      supports.push(supportOf(each, known.index));
    }
  }
  return {
    groundingChunks: [...chunks.values()].map(({ chunk }) => chunk),
    ...(supports.length > 0 && { groundingSupports: supports }),
  };
}

/** Only what was found in documents quotes them. */
function chunkOf({ url, title, quote, native }: Citation): Wire {
  const own = recordOr(native)['chunk'];
  if (isObject(own)) {
    return own;
  }
  const source = { ...(url !== undefined && { uri: url }), ...(title !== undefined && { title }) };
  return quote === undefined ? { web: source } : { retrievedContext: { ...source, text: quote } };
}

function hasSupport({ native }: Citation): boolean {
  return isObject(recordOr(native)['support']);
}

function supportOf({ partIndex, text, citation }: CitedText, index: number): Wire {
  const { start = 0, end, native } = citation;
  const segment = {
    ...(partIndex !== undefined && { partIndex }),
    ...(end !== undefined && {
      startIndex: Buffer.byteLength(text.slice(0, start)),
      endIndex: Buffer.byteLength(text.slice(0, end)),
      text: text.slice(start, end),
    }),
  };
  return { ...recordOr(recordOr(native)['support']), segment, groundingChunkIndices: [index] };
}

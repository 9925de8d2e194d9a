import type { Citation } from '../domain/part.js';
import { isObject, numberOr, recordOr, recordsOf, stringOr, type Wire } from '../domain/wire.js';

/** A citation, and which part of the candidate's content it cites for, where Google says so. */
export interface PlacedCitation {
  readonly partIndex: number | undefined;
  readonly citation: Citation;
}

/**
 * The sources of a candidate. Google's offsets count UTF-8 bytes; those given here are characters of the text.
 *
 * @param textOf the text that offsets without, or with that part index point into
 */
export function readCitations(
  candidate: Wire,
  textOf: (partIndex: number | undefined) => string,
): PlacedCitation[] {
  const grounding = recordOr(candidate['groundingMetadata']);
  const chunks = recordsOf(grounding['groundingChunks']);
  const supports = recordsOf(grounding['groundingSupports']);
  const used = new Set<unknown>();
  const placed: PlacedCitation[] = [];
  for (const support of supports) {
    const segment = recordOr(support['segment']);
    const partIndex = numberOr(segment['partIndex'], undefined);
    const offsets = charOffsets(segment, textOf(partIndex));
    for (const index of indicesOf(support)) {
      const chunk = chunks[index];
      if (chunk) {
        used.add(chunk);
        placed.push({ partIndex, citation: { ...readChunk(chunk), ...offsets, native: { support, chunk } } });
      }
    }
  }
  for (const chunk of chunks) {
    if (!used.has(chunk)) {
      placed.push({ partIndex: undefined, citation: { ...readChunk(chunk), native: { chunk } } });
    }
  }
  return [...placed, ...readRecitations(candidate, textOf)];
}

/** What the model quotes from its training. */
function readRecitations(candidate: Wire, textOf: (partIndex: undefined) => string): PlacedCitation[] {
  const { citations, citationSources } = recordOr(candidate['citationMetadata']);
  return recordsOf(citations ?? citationSources).map(source => ({
    partIndex: undefined,
    citation: {
      ...urlAndTitle(source),
      ...charOffsets(source, textOf(undefined)),
      native: source,
    },
  }));
}

function indicesOf(support: Wire): number[] {
  const indices = support['groundingChunkIndices'];
  return Array.isArray(indices) ? indices.filter(index => typeof index === 'number') : [];
}

function readChunk(chunk: Wire): Citation {
  const source =
    [chunk['web'], chunk['retrievedContext'], chunk['maps'], chunk['image']].find(isObject) ?? {};
  const quote = stringOr(source['text'], undefined);
  return { ...urlAndTitle(source), ...(quote !== undefined && { quote }) };
}

function urlAndTitle(source: Wire): Citation {
  const url = stringOr(source['uri'], stringOr(source['sourceUri'], undefined));
  const title = stringOr(source['title'], undefined);
  return { ...(url !== undefined && { url }), ...(title !== undefined && { title }) };
}

function charOffsets(segment: Wire, text: string): { start?: number; end?: number } {
  const end = numberOr(segment['endIndex'], undefined);
  if (end === undefined) {
    return {};
  }
  // A start of zero is left out on the wire.
  const start = numberOr(segment['startIndex'], 0);
  const bytes = Buffer.from(text);
  return bytes.length === text.length
    ? { start, end }
    : { start: bytes.toString('utf8', 0, start).length, end: bytes.toString('utf8', 0, end).length };
}

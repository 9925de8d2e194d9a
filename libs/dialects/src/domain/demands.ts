import type { ModelTraits } from './dialect.js';
import { missingOutput } from './fit-to-model.js';
import type { Wire } from './wire.js';

/** Where the bodies of a dialect say what not every model can do. */
export interface Demands {
  readonly tools: (body: Wire) => boolean;
  /** An answer that keeps to a schema. */
  readonly schema: (body: Wire) => boolean;
  readonly maxTokens: (body: Wire) => unknown;
  /** It says something of parallel tool calls. */
  readonly parallel?: (body: Wire) => boolean;
  /** What the answer is to be made of, in small letters. */
  readonly output?: (body: Wire) => readonly string[];
  /** What there is besides text in the conversation. */
  readonly media: (body: Wire) => Iterable<Medium | undefined>;
}

export type Medium = 'image' | 'audio' | 'document';

/**
 * Tells bodies that ask for what the model is known not to have. Looks into the conversation only for a model that is known
 * to read less than all.
 */
export function asksTooMuch(demands: Demands): (body: Wire, traits: ModelTraits) => boolean {
  return (body, traits) =>
    (traits.tools === false && demands.tools(body)) ||
    (traits.structuredOutput === false && demands.schema(body)) ||
    (traits.parallelTools === false && demands.parallel?.(body) === true) ||
    exceeds(demands.maxTokens(body), traits) ||
    (traits.output !== undefined && missingOutput(demands.output?.(body), traits.output) !== undefined) ||
    holdsUnreadable(demands, body, traits);
}

function exceeds(wanted: unknown, { maxOutputTokens = Infinity }: ModelTraits): boolean {
  return typeof wanted === 'number' && wanted > maxOutputTokens;
}

function holdsUnreadable(demands: Demands, body: Wire, traits: ModelTraits): boolean {
  const reads = { image: traits.images, audio: traits.audioInput, document: traits.documents };
  if (reads.image !== false && reads.audio !== false && reads.document !== false) {
    return false;
  }
  for (const medium of demands.media(body)) {
    if (medium && reads[medium] === false) {
      return true;
    }
  }
  return false;
}

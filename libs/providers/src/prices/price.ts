/**
 * What one model costs, in integers. A kind that nobody prices is null, and a call that used it has no known cost;
 * it is never taken for free.
 */
export interface Price {
  /** False when the book guessed the model from the beginning of its name, or from another vendor's list. */
  readonly exact: boolean;
  /** By prompt length, ascending; the first holds from the first token. */
  readonly tiers: Tiers;
  /** Of service tiers that have rates of their own (`flex`, `priority`, `batch`), by name; null when none has. */
  readonly services: ReadonlyMap<string, Tiers> | null;
  /** Nano-USD per hour of audio, where the vendor bills by time. */
  readonly audioHour: number | null;
  /** Shortest audio that is billed, in ms. */
  readonly minAudioMs: number;
  /** Nano-USD per million characters of text to speak, where the vendor bills by them. */
  readonly perMillionCharacters: number | null;
  /** Nano-USD per request, besides the tokens. */
  readonly perRequest: number;
  /** Nano-USD per request of a hosted tool (web search). */
  readonly perToolRequest: number | null;
  /** Nano-USD per search of a reranker that bills by searches. */
  readonly perSearch: number | null;
}

export type Tiers = readonly [Rates, ...Rates[]];

/** Nano-USD per million tokens of each kind. */
export interface Rates extends Record<TokenKind, number | null> {
  /** Holds for prompts of more input tokens than this. */
  readonly above: number;
}

export const TOKEN_KINDS = [
  'input',
  'cacheRead',
  'cacheReadAudio',
  'cacheWrite',
  'cacheWrite1h',
  'audioIn',
  'imageIn',
  'output',
  'reasoning',
  'audioOut',
  'imageOut',
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Rates as a list names them; a kind without one is billed as the wider kind it belongs to. */
export function ratesOf(above: number, rate: (kind: TokenKind) => number | null): Rates {
  const input = rate('input');
  const output = rate('output');
  const cacheRead = rate('cacheRead') ?? input;
  const cacheWrite = rate('cacheWrite') ?? input;
  return {
    above,
    input,
    cacheRead,
    cacheReadAudio: rate('cacheReadAudio') ?? cacheRead,
    cacheWrite,
    cacheWrite1h: rate('cacheWrite1h') ?? cacheWrite,
    audioIn: rate('audioIn') ?? input,
    imageIn: rate('imageIn') ?? input,
    output,
    reasoning: rate('reasoning') ?? output,
    audioOut: rate('audioOut') ?? output,
    imageOut: rate('imageOut') ?? output,
  };
}

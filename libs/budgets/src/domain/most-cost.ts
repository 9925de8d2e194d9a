/** The most that an attempt can cost. Nano-USD. */
export interface MostCost {
  /** All but the answer; null when nobody can tell. */
  readonly fixed: number | null;
  /** Tokens the answer may have; null: as many as the vendor likes. */
  readonly outputTokens: number | null;
  /** Per million tokens of the answer; null when nobody can tell. */
  readonly outputRate: number | null;
  /** The answer can be made shorter than that. */
  readonly canBeShorter: boolean;
  /** What is not known, as a caller reads it, e.g. `the price of openai/x is not known`. */
  readonly unknown: string;
}

const MILLION = 1_000_000;
/** Fewer are no answer, and some vendors refuse to make them. */
const LEAST_TOKENS = 16;

/** Null when nobody can tell. */
export function totalOf({ fixed, outputTokens, outputRate }: MostCost): number | null {
  return fixed === null || outputTokens === null || outputRate === null
    ? null
    : fixed + Math.ceil((outputTokens * outputRate) / MILLION);
}

/** The same, with an answer so short that it costs no more than that; null when there is none. */
export function clampedTo(most: MostCost, nanoUsd: number): (MostCost & { outputTokens: number }) | null {
  const { fixed, outputRate, outputTokens, canBeShorter } = most;
  if (!canBeShorter || fixed === null || outputRate === null || outputRate === 0) {
    return null;
  }
  const affordable = Math.floor(((nanoUsd - fixed) * MILLION) / outputRate);
  const tokens = Math.min(affordable, outputTokens ?? Infinity);
  return tokens < LEAST_TOKENS ? null : { ...most, outputTokens: tokens };
}

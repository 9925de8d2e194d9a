import type { Price, Rates, TokenKind } from './price.js';

/** Nano-USD per million tokens, whichever tier, service and kind of token the call turns out to have. */
export interface DearestRates {
  /** Null when one of them has no price. */
  readonly input: number | null;
  readonly output: number | null;
}

const TEXT_IN: readonly TokenKind[] = ['input', 'cacheRead', 'cacheWrite', 'cacheWrite1h'];
const MEDIA_IN: readonly TokenKind[] = [...TEXT_IN, 'cacheReadAudio', 'audioIn', 'imageIn'];
const TEXT_OUT: readonly TokenKind[] = ['output', 'reasoning'];
const MEDIA_OUT: readonly TokenKind[] = [...TEXT_OUT, 'audioOut', 'imageOut'];

/**
 * @param media whether pictures or sound go in, and may come out
 * @param inputTokens at most
 */
export function dearestRates(
  price: Price,
  media: { readonly in: boolean; readonly out: boolean },
  inputTokens: number,
): DearestRates {
  const tiers = [price.tiers, ...(price.services?.values() ?? [])].flat();
  const all = tiers.filter(({ above }) => above === 0 || inputTokens > above);
  return {
    input: dearest(all, media.in ? MEDIA_IN : TEXT_IN),
    output: dearest(all, media.out ? MEDIA_OUT : TEXT_OUT),
  };
}

function dearest(all: readonly Rates[], kinds: readonly TokenKind[]): number | null {
  let most = 0;
  for (const rates of all) {
    for (const kind of kinds) {
      const rate = rates[kind];
      if (rate === null) {
        return null;
      }
      most = Math.max(most, rate);
    }
  }
  return most;
}

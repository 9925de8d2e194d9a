import type { Ranking } from '../planning/routing-snapshot.js';

/** OpenRouter's endings of model names: by price, and by speed. */
export const ENDINGS: Readonly<Record<string, Ranking>> = { ':floor': 'cheapest', ':nitro': 'throughput' };

/** Null when the name has none. */
export function endingOf(model: string): string | null {
  return Object.keys(ENDINGS).find(ending => model.endsWith(ending)) ?? null;
}

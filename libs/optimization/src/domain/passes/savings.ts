import type { Usage } from '@app/dialects';
import { averageInputPrice } from '@app/providers';
import { savedByMarks, tellsPrompt } from './cache-marker.js';
import type { PromptTrail } from './prompt-passes.service.js';
import type { Cut } from './shorten.js';

/** What each pass saved, in nano-USD; below zero where it cost. */
export interface Savings {
  readonly byPass: Readonly<Partial<Record<'prompt_cache' | Cut, number>>>;
  /** Some of it is reckoned from tokens that nobody counted. */
  readonly isEstimated: boolean;
}

/**
 * What a prompt would have cost without the passes, less what it cost. What was left out would have been paid as the rest of the
 * prompt was on average, also where a part of that was read from the vendor's cache.
 *
 * @returns null when nothing was done, or nobody can tell
 */
export function savingsOf({ price, marks, cut }: PromptTrail, usage: Usage | null): Savings | null {
  if (!usage || !tellsPrompt(usage)) {
    return null;
  }
  const byPass: Partial<Record<'prompt_cache' | Cut, number>> = {};
  const saved = marks && savedByMarks(marks, price, usage);
  if (saved !== null) {
    byPass.prompt_cache = saved;
  }
  const perToken = cut && averageInputPrice(price, usage);
  if (cut && perToken !== null) {
    for (const [name, tokens] of Object.entries(cut)) {
      byPass[name as Cut] = Math.round(tokens * perToken);
    }
  }
  const isEstimated = cut !== null && perToken !== null;
  return saved === null && !isEstimated ? null : { byPass, isEstimated };
}

/** All passes together, in nano-USD; 0 when nobody can tell. */
export function savedByPasses(trail: PromptTrail, usage: Usage | null): number {
  const amounts = Object.values(savingsOf(trail, usage)?.byPass ?? {});
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

import type { Quota } from '@app/shared';
import type { Limited } from './limited.js';

/** The one of two that runs out first. */
export function leastOf(one: Quota | null, other: Quota): Quota {
  return one === null || other.remaining < one.remaining ? other : one;
}

/**
 * What is taken off for a call that nobody knows the length of.
 *
 * @param tokens what it uses at least
 * @param guess what it may use besides: as much of it counts as the smallest quota has room for, so that no guess refuses a call for good
 */
export function withGuess(all: readonly Limited[], tokens: number, guess: number): number {
  const smallest = Math.min(...all.map(({ tokensPerMinute }) => tokensPerMinute ?? Infinity));
  return Math.max(tokens, Math.min(tokens + guess, smallest));
}

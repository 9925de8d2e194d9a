import type { Quota } from '@app/shared';

/** The one of two that runs out first. */
export function leastOf(one: Quota | null, other: Quota): Quota {
  return one === null || other.remaining < one.remaining ? other : one;
}

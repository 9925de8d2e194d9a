import type { Candidate, Preferences, RoutingSnapshot } from './routing-snapshot.js';

/** Why a candidate is not asked, in words; null when it may be. */
export function exclusionOf(candidate: Candidate, { preferences }: RoutingSnapshot): string | null {
  const { closed, lacks } = candidate;
  if (closed !== null) {
    return closed;
  }
  const lacking = lacks[0];
  if (lacking !== undefined) {
    return `the model has no ${lacking}`;
  }
  return (preferences && unwanted(candidate, preferences)) ?? downOf(candidate);
}

/** Nobody else having the capacity, it is for the vendor to judge a prompt whose length is only estimated. */
export function tooLong({ tooLong: isTooLong }: Candidate): string | null {
  return isTooLong ? 'the prompt is longer than its context' : null;
}

function downOf({ down, downForMs }: Candidate): string | null {
  return down && `${down} for ${Math.ceil(downForMs)} ms`;
}

function unwanted(candidate: Candidate, preferences: Preferences): string | null {
  const { vendor, refuses } = candidate;
  const { only, ignore, order, strictOrder } = preferences;
  if (only && !only.includes(vendor)) {
    return 'not in provider.only';
  }
  if (ignore.includes(vendor)) {
    return 'in provider.ignore';
  }
  if (strictOrder && order.length > 0 && !order.includes(vendor)) {
    return 'not in provider.order';
  }
  const refused = refuses[0];
  return refused === undefined ? tooDear(candidate, preferences) : `does not take ${refused}`;
}

function tooDear(
  { promptRate, completionRate, requestRate }: Candidate,
  { maxPrompt, maxCompletion, maxRequest }: Preferences,
): string | null {
  if (isOver(promptRate, maxPrompt)) {
    return 'over provider.max_price.prompt';
  }
  if (isOver(completionRate, maxCompletion)) {
    return 'over provider.max_price.completion';
  }
  return isOver(requestRate, maxRequest) ? 'over provider.max_price.request' : null;
}

/** A price that nobody knows may be any. */
function isOver(rate: number | null, most: number | null): boolean {
  return most !== null && (rate === null || rate > most);
}

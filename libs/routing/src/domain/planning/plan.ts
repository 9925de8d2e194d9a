import { exclusionOf, tooLong } from './exclusion.js';
import { rank } from './ranking.js';
import type { Candidate, RoutingPlan, RoutingSnapshot } from './routing-snapshot.js';

/** Decides who is asked, and in which order. Pure: the same snapshot makes the same plan, wherever and whenever. */
export function plan(snapshot: RoutingSnapshot): RoutingPlan {
  const { candidates, preferences } = snapshot;
  const excluded: (string | null)[] = [];
  const scores: (number | null)[] = [];
  const eligible: number[] = [];
  for (const candidate of candidates) {
    const why = exclusionOf(candidate, snapshot);
    if (why === null) {
      eligible.push(excluded.length);
    }
    excluded.push(why);
    scores.push(null);
  }
  const order = fittingOf(candidates, eligible, excluded);
  const ranked = rank(snapshot, order);
  for (let at = 0; at < order.length; at++) {
    scores[order[at] ?? 0] = ranked[at] ?? null;
  }
  sort(order, snapshot, scores);
  const isAlone = preferences?.strictOrder === true && preferences.order.length === 0;
  return { order: isAlone ? order.slice(0, 1) : order, scores, excluded };
}

/** Those whose context the prompt fits, when there are some: the others are excluded for it. */
function fittingOf(
  candidates: readonly Candidate[],
  eligible: number[],
  excluded: (string | null)[],
): number[] {
  const fitting = eligible.filter(index => !candidates[index]?.tooLong);
  if (fitting.length === 0 || fitting.length === eligible.length) {
    return eligible;
  }
  for (const index of eligible) {
    const candidate = candidates[index];
    excluded[index] = candidate ? tooLong(candidate) : null;
  }
  return fitting;
}

/** By the model asked for, then as the caller prefers vendors, then by score, then as they were listed. */
function sort(
  order: number[],
  { candidates, preferences }: RoutingSnapshot,
  scores: readonly (number | null)[],
): void {
  const wanted = preferences?.order ?? NOBODY;
  const places = wanted.length === 0 ? null : candidates.map(({ vendor }) => placeIn(wanted, vendor));
  order.sort(
    (one, two) =>
      (candidates[one]?.group ?? 0) - (candidates[two]?.group ?? 0) ||
      (places === null ? 0 : (places[one] ?? 0) - (places[two] ?? 0)) ||
      ascending(scores[one] ?? null, scores[two] ?? null) ||
      one - two,
  );
}

const NOBODY: readonly string[] = [];

/** Behind all of them, when it is not among them. */
function placeIn(wanted: readonly string[], vendor: string): number {
  const place = wanted.indexOf(vendor);
  return place < 0 ? wanted.length : place;
}

/** What is not known comes last. */
function ascending(one: number | null, two: number | null): number {
  if (one === null || two === null) {
    return Number(one === null) - Number(two === null);
  }
  return one - two;
}

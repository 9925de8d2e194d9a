import { exclusionOf, tooLong } from './exclusion.js';
import { rank } from './ranking.js';
import type { RoutingPlan, RoutingSnapshot } from './routing-snapshot.js';

/** Decides who is asked, and in which order. Pure: the same snapshot makes the same plan, wherever and whenever. */
export function plan(snapshot: RoutingSnapshot): RoutingPlan {
  const { candidates } = snapshot;
  const excluded = candidates.map(candidate => exclusionOf(candidate, snapshot));
  let eligible = indexesOf(excluded);
  const fitting = eligible.filter(index => !candidates[index]?.tooLong);
  if (fitting.length > 0 && fitting.length < eligible.length) {
    for (const index of eligible) {
      const candidate = candidates[index];
      excluded[index] = candidate ? tooLong(candidate) : null;
    }
    eligible = fitting;
  }

  const scores: (number | null)[] = candidates.map(() => null);
  const ranked = rank(snapshot, eligible);
  eligible.forEach((index, at) => {
    scores[index] = ranked[at] ?? null;
  });
  const order = inOrder(snapshot, eligible, scores);
  const { strictOrder = false, order: wanted = [] } = snapshot.preferences ?? {};
  return { order: strictOrder && wanted.length === 0 ? order.slice(0, 1) : order, scores, excluded };
}

function indexesOf(excluded: readonly (string | null)[]): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < excluded.length; index++) {
    if (excluded[index] === null) {
      indexes.push(index);
    }
  }
  return indexes;
}

/** By the model asked for, then as the caller prefers vendors, then by score, then as they were listed. */
function inOrder(
  { candidates, preferences }: RoutingSnapshot,
  eligible: readonly number[],
  scores: readonly (number | null)[],
): number[] {
  const wanted = preferences?.order ?? [];
  const places = candidates.map(({ vendor }) => placeIn(wanted, vendor));
  return eligible.toSorted(
    (one, two) =>
      (candidates[one]?.group ?? 0) - (candidates[two]?.group ?? 0) ||
      (places[one] ?? 0) - (places[two] ?? 0) ||
      ascending(scores[one] ?? null, scores[two] ?? null) ||
      one - two,
  );
}

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

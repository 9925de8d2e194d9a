import { Draws } from './draws.js';
import type { BalancedWeights, Candidate, Ranking, RoutingSnapshot } from './routing-snapshot.js';

/** A candidate that was not measured for so long is tried again, when others were. */
const STALE_MS = 30_000;

type Score = number | null;
/** @param eligible indexes of the candidates that may be asked @returns a score for each of these, less is better */
type Rank = (snapshot: RoutingSnapshot, eligible: readonly number[]) => Score[];

/** The candidates at those indexes, scored. */
export function rank(snapshot: RoutingSnapshot, eligible: readonly number[]): Score[] {
  return RANKS[snapshot.ranking](snapshot, eligible);
}

const RANKS: Readonly<Record<Ranking, Rank>> = {
  priority: (_, eligible) => [...eligible],
  weighted,
  cheapest: each(({ cost }) => cost),
  fastest,
  latency: each(({ ttftMs }) => ttftMs),
  throughput: each(({ tokensPerSecond }) => (tokensPerSecond === null ? null : -tokensPerSecond)),
  'least-busy': leastBusy,
  balanced,
  sticky,
};

function each(score: (candidate: Candidate) => Score): Rank {
  return (snapshot, eligible) => eligible.map(index => score(candidateAt(snapshot, index)));
}

/** A random order in which the heavier come earlier (Efraimidis and Spirakis): the first share is exactly the weight's. */
function weighted(snapshot: RoutingSnapshot, eligible: readonly number[]): Score[] {
  const draws = new Draws(snapshot.random);
  return eligible.map(index => -Math.log(1 - draws.next()) / candidateAt(snapshot, index).weight);
}

/** Calls under way by weight; equals are shuffled, or the first would get all calls that come one by one. */
function leastBusy(snapshot: RoutingSnapshot, eligible: readonly number[]): Score[] {
  const draws = new Draws(snapshot.random);
  return eligible.map(index => {
    const { open, weight } = candidateAt(snapshot, index);
    return (open + draws.next() / 2) / weight;
  });
}

/**
 * Expected duration times the calls that wait already, and of two drawn at random the better goes first: the best alone
 * would be flooded by every gateway at once. Who was not measured lately is tried by one call at a time.
 */
function fastest(snapshot: RoutingSnapshot, eligible: readonly number[]): Score[] {
  const measured = eligible.some(index => isFresh(candidateAt(snapshot, index)));
  const scores = eligible.map(index => durationOf(candidateAt(snapshot, index), measured));
  return eligible.length < 2 ? scores : winnerFirst(scores, new Draws(snapshot.random));
}

function durationOf(candidate: Candidate, othersAreFresh: boolean): Score {
  const { ttftMs, tokensPerSecond, outputTokens, open } = candidate;
  if (ttftMs === null || (othersAreFresh && !isFresh(candidate))) {
    return open === 0 ? 0 : null;
  }
  const speaking = tokensPerSecond === null ? 0 : (outputTokens * 1000) / tokensPerSecond;
  return (ttftMs + speaking) * (open + 1);
}

function isFresh({ ttftMs, ageMs }: Candidate): boolean {
  return ttftMs !== null && ageMs !== null && ageMs < STALE_MS;
}

/** The power of two choices. The winner's score becomes less than all others. */
function winnerFirst(scores: readonly Score[], draws: Draws): Score[] {
  const one = Math.floor(draws.next() * scores.length);
  const two = (one + 1 + Math.floor(draws.next() * (scores.length - 1))) % scores.length;
  const winner = isLess(scores[two] ?? null, scores[one] ?? null) ? two : one;
  let least = 0;
  for (const score of scores) {
    least = Math.min(least, score ?? 0);
  }
  return scores.map((score, index) => (index === winner ? least - 1 : score));
}

function isLess(one: Score, two: Score): boolean {
  return (one ?? Number.POSITIVE_INFINITY) < (two ?? Number.POSITIVE_INFINITY);
}

/** How much worse than the best each is, in price, time to the first token, speed and load; unknown is as bad as the worst. */
function balanced(snapshot: RoutingSnapshot, eligible: readonly number[]): Score[] {
  const { price, latency, throughput, load }: BalancedWeights = snapshot.weights ?? EVEN;
  const cost = new Extent();
  const time = new Extent();
  const pace = new Extent();
  for (const index of eligible) {
    const candidate = candidateAt(snapshot, index);
    cost.add(candidate.cost);
    time.add(candidate.ttftMs);
    pace.add(msPerToken(candidate));
  }
  return eligible.map(index => {
    const candidate = candidateAt(snapshot, index);
    return (
      price * cost.excess(candidate.cost) +
      latency * time.excess(candidate.ttftMs) +
      throughput * pace.excess(msPerToken(candidate)) +
      (load * candidate.open) / candidate.weight
    );
  });
}

function msPerToken({ tokensPerSecond }: Candidate): Score {
  return tokensPerSecond === null ? null : 1000 / tokensPerSecond;
}

const EVEN: BalancedWeights = { price: 1, latency: 1, throughput: 1, load: 1 };

/** From the least to the most of what is known. */
class Extent {
  private least = Infinity;
  private most = 0;

  add(value: Score): void {
    if (value !== null) {
      this.least = Math.min(this.least, value);
      this.most = Math.max(this.most, value);
    }
  }

  /** 0 for the least, 1 for twice as much; the unknown is as bad as the most. */
  excess(value: Score): number {
    return this.least === Infinity || this.least <= 0 ? 0 : (value ?? this.most) / this.least - 1;
  }
}

/**
 * In the policy's order, but where the beginning of the prompt is cached comes first, when the call is not dearer there than
 * at the one that would have been first.
 */
function sticky(snapshot: RoutingSnapshot, eligible: readonly number[]): Score[] {
  const [first] = eligible;
  const usual = first === undefined ? null : candidateAt(snapshot, first).cost;
  return eligible.map(index => {
    const { warmTokens, cost } = candidateAt(snapshot, index);
    const pays = warmTokens > 0 && (cost === null || usual === null || cost <= usual);
    return pays ? index - snapshot.candidates.length : index;
  });
}

function candidateAt({ candidates }: RoutingSnapshot, index: number): Candidate {
  const candidate = candidates[index];
  if (!candidate) {
    throw new RangeError(`There is no candidate ${index}.`);
  }
  return candidate;
}

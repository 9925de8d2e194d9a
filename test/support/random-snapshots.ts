import type { Candidate, RoutingSnapshot } from '@app/routing';

type Preferences = NonNullable<RoutingSnapshot['preferences']>;

/** Values by chance, the same for every seed (xorshift32). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 1;
  }

  /** From [0, 1). */
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  has(share: number): boolean {
    return this.next() < share;
  }

  of<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  some<T>(values: readonly T[], share: number): T[] {
    return values.filter(() => this.has(share));
  }

  /** The value, or null now and then. */
  maybe<T>(value: T, share = 0.85): T | null {
    return this.has(share) ? value : null;
  }
}

const VENDORS = ['openai', 'anthropic', 'google', 'groq', 'mistral', 'xai'] as const;
const DOWN = ['circuit-open', 'keys-cooling'] as const;
const RANKINGS = [
  'priority',
  'weighted',
  'cheapest',
  'fastest',
  'least-busy',
  'balanced',
  'sticky',
  'latency',
  'throughput',
] as const;

/** A snapshot as a gateway could record it, with one to twenty candidates; edges (0, equal, unknown) are frequent. */
export function randomSnapshot(chance: Chance): RoutingSnapshot {
  const most = chance.of([3, 3, 3, 20]);
  return {
    v: 1,
    policy: chance.maybe(`fast@${chance.below(9)}`),
    rule: chance.maybe(chance.below(3), 0.3),
    ranking: chance.of(RANKINGS),
    weights: chance.maybe(
      {
        price: chance.next(),
        latency: chance.below(3),
        throughput: chance.next() * 4,
        load: chance.below(2),
      },
      0.5,
    ),
    random: chance.next(),
    request: {
      inputTokens: chance.below(200_000),
      maxOutputTokens: chance.maybe(chance.below(32_000), 0.5),
      stream: chance.has(0.5),
      needs: chance.some(['image_input', 'tools'], 0.2),
    },
    preferences: chance.maybe(randomPreferences(chance), 0.3),
    candidates: Array.from({ length: 1 + chance.below(most) }, (_, at) => randomCandidate(chance, at)),
  };
}

function randomPreferences(chance: Chance): Preferences {
  return {
    order: chance.some(VENDORS, 0.3),
    strictOrder: chance.has(0.2),
    only: chance.maybe(chance.some(VENDORS, 0.7), 0.3),
    ignore: chance.some(VENDORS, 0.1),
    maxPrompt: chance.maybe(chance.below(3_000_000_000), 0.2),
    maxCompletion: chance.maybe(chance.below(15_000_000_000), 0.2),
    maxRequest: chance.maybe(chance.below(2) * 1_000_000, 0.1),
    requireParameters: chance.has(0.1),
  };
}

function randomCandidate(chance: Chance, at: number): Candidate {
  const down = chance.has(0.1) ? chance.of(DOWN) : null;
  return {
    vendor: chance.of(VENDORS),
    model: `model-${at}`,
    group: chance.has(0.2) ? chance.below(3) : 0,
    weight: chance.of([1, 1, 1, 2, 0.1, 10]),
    cost: chance.maybe(chance.of([0, 1000, Math.round(chance.next() * 1e8), chance.next() * 1e8])),
    promptRate: chance.maybe(chance.below(3_000_000_000)),
    completionRate: chance.maybe(chance.below(15_000_000_000)),
    requestRate: chance.has(0.1) ? 1_000_000 : 0,
    warmTokens: chance.has(0.2) ? chance.below(100_000) : 0,
    outputTokens: chance.below(4000),
    lacks: chance.some(['image_input', 'tools'], 0.05),
    refuses: chance.some(['seed', 'logit_bias'], 0.05),
    tooLong: chance.has(0.1),
    closed: chance.has(0.05) ? 'closed to this key' : null,
    down,
    downForMs: down ? chance.next() * 60_000 : 0,
    open: chance.of([0, 0, chance.below(5), chance.below(200)]),
    ttftMs: chance.maybe(chance.of([200, chance.next() * 3000]), 0.8),
    tokensPerSecond: chance.maybe(chance.of([50, chance.next() * 200]), 0.8),
    ageMs: chance.maybe(chance.below(60_000), 0.8),
  };
}

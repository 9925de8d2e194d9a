/** A value that is read is off by this part of itself at most. */
const ACCURACY = 0.02;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);
const MIN_MS = 1;
const MAX_MS = 600_000;
const BUCKETS = Math.ceil(Math.log(MAX_MS / MIN_MS) / LOG_GAMMA) + 1;
/** From so many samples on, each of the earlier ones counts half. */
const FULL = 256;

/**
 * Quantiles of times between a millisecond and ten minutes, of which later ones count more. Buckets grow by a constant
 * factor (DDSketch, https://arxiv.org/abs/1908.10693): 1.3 kB, however many times it was told.
 */
export class QuantileSketch {
  private readonly weights = new Float32Array(BUCKETS);
  private total = 0;

  add(ms: number): void {
    const bucket = bucketOf(ms);
    this.weights[bucket] = (this.weights[bucket] ?? 0) + 1;
    this.total += 1;
    if (this.total >= FULL) {
      this.halve();
    }
  }

  clear(): void {
    this.weights.fill(0);
    this.total = 0;
  }

  /** @returns ms; null when nothing was added */
  quantile(q: number): number | null {
    if (this.total === 0) {
      return null;
    }
    // The rank as for a sorted list: the lowest for 0, the highest for 1.
    const rank = q * (this.total - 1);
    let below = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      below += this.weights[bucket] ?? 0;
      if (below > rank) {
        return middleOf(bucket);
      }
    }
    return MAX_MS;
  }

  private halve(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      this.weights[bucket] = (this.weights[bucket] ?? 0) / 2;
    }
    this.total /= 2;
  }
}

function bucketOf(ms: number): number {
  const index = Math.ceil(Math.log(ms / MIN_MS) / LOG_GAMMA);
  return index > 0 ? Math.min(index, BUCKETS - 1) : 0;
}

/** The value that is equally far, relatively, from both ends of the bucket. */
function middleOf(bucket: number): number {
  return (2 * MIN_MS * GAMMA ** bucket) / (GAMMA + 1);
}

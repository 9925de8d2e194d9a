import { Sketch, type SketchCounts } from '../sketch.js';

/** How long calls took, to 2.5 %, in ms. */
export class Distribution {
  /**
   * Calls that were timed.
   *
   * @example 118
   */
  readonly calls!: number;
  /**
   * Half of them took no longer.
   *
   * @example 310
   */
  readonly p50!: number;
  /** @example 640 */
  readonly p90!: number;
  /** @example 840 */
  readonly p95!: number;
  /** @example 1290 */
  readonly p99!: number;
}

/** Null of none. */
export function distributionOf(counts: SketchCounts): Distribution | null {
  const sketch = new Sketch();
  sketch.merge(counts);
  const of = (share: number) => sketch.quantile(share) ?? 0;
  const { size: calls } = sketch;
  return calls === 0 ? null : { calls, p50: of(0.5), p90: of(0.9), p95: of(0.95), p99: of(0.99) };
}

import type { Guard } from './guards.js';

/** So many questions had a nearest one like this. */
export class SimilarityBand {
  /**
   * Cosine of the nearest question, from here to the next band.
   *
   * @example 0.95
   */
  readonly from!: number;

  /** @example 12 */
  readonly questions!: number;
}

/** What became of the questions of a project that were compared with others, in one process, since it began to count. */
export class SemanticReport {
  /**
   * When this process began to count: it forgets everything when it is restarted. Null: it has nothing to tell.
   *
   * @example 2026-11-27T10:20:30.456Z
   */
  readonly since!: string | null;

  /**
   * Questions without an answer of their own that were to be compared with others.
   *
   * @example 240
   */
  readonly asked!: number;

  /**
   * Of those: there was no vector, or not in time.
   *
   * @example 2
   */
  readonly unavailable!: number;

  /**
   * Of those: so many had an answer to another question that was like enough, given or not.
   *
   * @example 80
   */
  readonly found!: number;

  /**
   * Of those found: given to callers.
   *
   * @example 76
   */
  readonly answered!: number;

  /**
   * Questions near enough whose words spoke against it, by what did.
   *
   * @example {"number": 14, "word": 20}
   */
  readonly guarded!: Partial<Record<Guard, number>>;

  /**
   * Of those found: the vendor was asked all the same, and its answer compared with the one that was found.
   *
   * @example 4
   */
  readonly verified!: number;

  /**
   * Of those verified: both said the same, as far as their vectors tell.
   *
   * @example 4
   */
  readonly agreed!: number;

  readonly similarities!: SimilarityBand[];

  /**
   * What the vendor was paid for the answers that were found, in nano-USD: saved where they were given, else what that would have saved.
   *
   * @example 1200000
   */
  readonly savedNanoUsd!: number;

  /**
   * What the vectors cost, in nano-USD, as far as their price is known.
   *
   * @example 4000
   */
  readonly embeddingNanoUsd!: number;
}

import type { Call } from '@app/shared';
import type { Vector } from './question-index.js';

export interface Embedded {
  /** In the order of the texts. */
  readonly vectors: readonly Vector[];
  /** Null when its price is not known. */
  readonly costNanoUsd: number | null;
}

/** Port: where texts lie among others. */
export abstract class Embedder {
  /**
   * Null when nobody says, which whoever operates the gateway is told. Never throws.
   *
   * @param call on whose behalf: its project pays
   * @param model as callers name it
   */
  abstract embed(call: Call, model: string, texts: readonly string[]): Promise<Embedded | null>;
}

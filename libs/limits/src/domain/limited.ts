/** Whose calls are counted together: a project's, or a key's. */
export interface Limited {
  readonly id: string;
  /** As the caller reads it, e.g. `The project`. */
  readonly whose: string;
  readonly requestsPerMinute: number | null;
  readonly concurrentCalls: number | null;
  readonly tokensPerMinute: number | null;
}

/** One request of a project, from the moment its key was accepted. */
export interface Call {
  /** UUIDv7: ledger key, `x-request-id`, look-up id. */
  readonly id: string;
  readonly projectId: string;
  readonly keyId: string;
  /** Unix ms. */
  readonly receivedAt: number;
  /** Monotonic ms (`performance.now`), for durations. */
  readonly startedAt: number;
  /** The project or the caller's header asks that nothing be lost silently. */
  readonly strict: boolean;
  /** `x_llmhub` goes into bodies. */
  readonly annotate: boolean;
  /** Bytes an uploaded file may have. */
  readonly fileLimitBytes: number;
  /** Aborted when the caller leaves, or the gateway stops. */
  readonly signal: AbortSignal;
}

/** What the gateway tells of voice. The words are those of its OpenAPI document. */

/** How a realtime session went for who listens. */
export interface Voice {
  readonly firstSoundMs: number | null;
  readonly bargeInMs: number | null;
  /** Null of what was said in it. */
  readonly relay: (Relay & { readonly pausedMs: number }) | null;
}

/** For how long frames were held. */
export interface Relay {
  readonly frames: number;
  readonly meanUs: number;
  readonly p99Us: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

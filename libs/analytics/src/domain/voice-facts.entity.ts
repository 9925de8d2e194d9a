/**
 * How long the gateway held the frames of a session: from their arrival until they were handed to the other side. Where the gateway is the
 * other side itself: until it had taken them in, and from when there was something to be said.
 */
export class RelayFacts {
  /**
   * Frames passed on, in both directions.
   *
   * @example 1480
   */
  readonly frames!: number;
  /**
   * On average, in microseconds.
   *
   * @example 42
   */
  readonly meanUs!: number;
  /**
   * 99 of a hundred no longer than that, in microseconds, to a hundredth.
   *
   * @example 310
   */
  readonly p99Us!: number;
  /**
   * For so long a side was not read since the other one was slow, in ms.
   *
   * @example 0
   */
  readonly pausedMs!: number;
}

/** How a realtime session went for who listens. */
export class VoiceFacts {
  /**
   * Of an answer (of a text model: of the speech that made its first sound): from the end of the caller's speech, as its vendor told it
   * or the gateway heard it, or from the caller's request, to the first sound that was passed on, in ms. Null where there was none, or
   * nobody told since when it was waited for.
   *
   * @example 410
   */
  readonly firstSoundMs!: number | null;
  /**
   * Of an answer that was broken off (of a text model: of the call that was under way for it): from the first sign that the caller
   * speaks to the last sound that was passed on, in ms; 0 when none was any more. Null for others.
   *
   * @example 90
   */
  readonly bargeInMs!: number | null;
  /** Of the session itself; null for its answers. */
  readonly relay!: RelayFacts | null;
}

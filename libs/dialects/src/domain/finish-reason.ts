/** Why the model stopped, in no vendor's words (PROTOCOLS 2.5). */
export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'context-full'
  | 'tool-calls'
  | 'content-filter'
  | 'pause'
  | 'malformed-call'
  | 'continuation';

export interface Finish {
  readonly reason: FinishReason;
  /** The vendor's own word, verbatim; null when it gave none. */
  readonly native: string | null;
  /** The stop sequence that was hit, where the vendor tells. */
  readonly stopSequence?: string;
  /** The vendor's explanation (refusal category, finish message). */
  readonly detail?: string;
}

import type { Usage } from '../domain/usage.js';

/** What was said in a recording, whoever heard it. */
export interface Transcript {
  readonly text: string;
  /** As the vendor names it; null when it does not. */
  readonly language: string | null;
  /** How long the recording is; null when the vendor does not say. */
  readonly seconds: number | null;
  /** Null when the vendor gave none. */
  readonly segments: readonly Segment[] | null;
  readonly words: readonly Word[] | null;
  /** Null when the vendor told neither tokens nor duration. */
  readonly usage: Usage | null;
}

/** Seconds from the start. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** As the vendor names who speaks; absent when it does not. */
  readonly speaker?: string;
}

export interface Segment extends Span {
  readonly text: string;
}

export interface Word extends Span {
  readonly word: string;
  /** What stands between it and the next one; absent: a blank. */
  readonly gap?: string;
}

export const TRANSCRIPT_FORMATS = ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

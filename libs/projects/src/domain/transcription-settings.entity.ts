import { IsBoolean } from 'class-validator';

/** What becomes of a project's transcriptions, and translations of speech, when they are given. */
export class TranscriptionSettings {
  /**
   * Whether a recording that comes again is answered with what was kept, for `cacheTtlSeconds`, whatever `cache` says; where all else that
   * is asked is the same.
   *
   * @example true
   */
  @IsBoolean()
  readonly transcriptionCache!: boolean;
}

/** Of a project that was not told otherwise, also one that is older than these. */
export const TRANSCRIPTION_DEFAULTS = {
  transcriptionCache: false,
} as const satisfies TranscriptionSettings;

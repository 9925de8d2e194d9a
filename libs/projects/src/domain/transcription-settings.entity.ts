import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

/** Ten years. */
const MOST_HISTORY_DAYS = 3653;

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

  /**
   * For how many days it is on record which recordings were heard, from then on; null: not at all. Fewer days hold for what is on record
   * already, too.
   *
   * @example 30
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_HISTORY_DAYS)
  readonly transcriptionHistoryDays!: number | null;

  /**
   * Whether the record has the text, encrypted.
   *
   * @example false
   */
  @IsBoolean()
  readonly transcriptionHistoryText!: boolean;
}

/** Of a project that was not told otherwise, also one that is older than these. */
export const TRANSCRIPTION_DEFAULTS = {
  transcriptionCache: false,
  transcriptionHistoryDays: null,
  transcriptionHistoryText: false,
} as const satisfies TranscriptionSettings;

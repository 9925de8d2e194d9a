import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { TRANSCRIPTION_DEFAULTS, TranscriptionSettings } from './transcription-settings.entity.js';

/** A hundred years. */
const MOST_DAYS = 36_500;

/** For how long it is kept what belongs to a project. */
export class RetentionSettings extends TranscriptionSettings {
  /**
   * For how many days usage records are kept, with their corrections; 0: for good; null: as long as the gateway keeps them. Their hourly
   * sums stay.
   *
   * @example 90
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionUsageDays!: number | null;

  /**
   * The same of decision records: how vendors were chosen.
   *
   * @example 30
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionDecisionDays!: number | null;

  /**
   * For how many days responses are kept, and conversations after the last thing said; 0: none is; null: as long as the gateway keeps them.
   * Fewer days hold for what is kept already, too.
   *
   * @example 7
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionResponseDays!: number | null;
}

/** Of a project that was not told otherwise, also one that is older than these. */
export const KEEPING_DEFAULTS = {
  ...TRANSCRIPTION_DEFAULTS,
  retentionUsageDays: null,
  retentionDecisionDays: null,
  retentionResponseDays: null,
} as const satisfies RetentionSettings;

export const KEEPING_OPTIONS = [
  'transcriptionCache',
  'transcriptionHistoryDays',
  'transcriptionHistoryText',
  'retentionUsageDays',
  'retentionDecisionDays',
  'retentionResponseDays',
] as const satisfies readonly (keyof RetentionSettings)[];

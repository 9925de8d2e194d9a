import { Allow, IsIn, IsOptional } from 'class-validator';

export class RealtimeQuery {
  /**
   * Whom to talk with.
   *
   * @example openai/gpt-realtime
   */
  @Allow()
  readonly model?: string;

  /**
   * Set to have nothing but what is said written down; the session then names the model.
   *
   * @example transcription
   */
  @IsOptional()
  @IsIn(['transcription'])
  readonly intent?: 'transcription';
}

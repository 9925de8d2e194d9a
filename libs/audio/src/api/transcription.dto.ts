import { ApiProperty } from '@nestjs/swagger';

/** The form of a transcription; read by hand, since fields of vendors pass through. */
export class TranscriptionForm {
  /** The audio, e.g. wav, mp3, m4a, webm. */
  @ApiProperty({ type: 'string', format: 'binary' })
  readonly file!: unknown;

  /** @example whisper-1 */
  readonly model!: string;

  /** Language of the speech, ISO 639-1. */
  readonly language?: string;

  /** Words that help the model: names, spelling, style. */
  readonly prompt?: string;

  @ApiProperty({
    enum: ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'],
    default: 'json',
    required: false,
  })
  readonly response_format?: string;

  /** From 0 to 1. */
  readonly temperature?: number;

  @ApiProperty({
    type: [String],
    enum: ['word', 'segment'],
    required: false,
    name: 'timestamp_granularities[]',
  })
  readonly timestamp_granularities?: string[];

  /** `transcript.text.delta` events instead of one answer; of a model that makes but one, all of it is in one event. */
  readonly stream?: boolean;

  /** One of the project's provider keys; its vendor serves the call. */
  readonly llm_api_key_id?: string;
}

/** The form of a translation; read by hand, too. */
export class TranslationForm {
  /** The audio, e.g. wav, mp3, m4a, webm. */
  @ApiProperty({ type: 'string', format: 'binary' })
  readonly file!: unknown;

  /** @example whisper-1 */
  readonly model!: string;

  /** Words that help the model, in English: names, spelling, style. */
  readonly prompt?: string;

  @ApiProperty({ enum: ['json', 'text', 'srt', 'verbose_json', 'vtt'], default: 'json', required: false })
  readonly response_format?: string;

  /** From 0 to 1. */
  readonly temperature?: number;

  /** One of the project's provider keys; its vendor serves the call. */
  readonly llm_api_key_id?: string;
}

export class TranscriptionAnswer {
  /** @example Hello from the gateway. */
  readonly text!: string;
}

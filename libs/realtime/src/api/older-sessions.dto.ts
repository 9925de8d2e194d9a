import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { ClientSecretView } from './client-secrets.dto.js';

/** Read by hand, as the form of today. What it has besides is said there: `todaysSession`. */
export class OlderTranscriptionForm {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      '`expires_after` or `expires_at`: when the key expires, as in `POST /v1/realtime/client_secrets`.',
    example: { expires_after: { anchor: 'created_at', seconds: 600 } },
  })
  readonly client_secret?: object;

  /** `pcm16`, `g711_ulaw` or `g711_alaw`. */
  @ApiPropertyOptional({ example: 'pcm16' })
  readonly input_audio_format?: string;

  /** Which model writes down what is said. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { model: 'openai/gpt-4o-transcribe' },
  })
  readonly input_audio_transcription?: object;

  /** How it is found out who speaks; null: the caller says so. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { type: 'server_vad' },
  })
  readonly turn_detection?: object | null;
}

export class OlderSessionForm extends OlderTranscriptionForm {
  @ApiPropertyOptional({ example: 'openai/gpt-realtime' })
  readonly model?: string;

  @ApiPropertyOptional({ example: 'Be brief.' })
  readonly instructions?: string;

  /** `text`, or `audio` and `text`. */
  @ApiPropertyOptional({ type: [String], example: ['audio', 'text'] })
  readonly modalities?: string[];

  @ApiPropertyOptional({ example: 'alloy' })
  readonly voice?: string;
}

export class OlderSecret extends OmitType(ClientSecretView, ['session']) {}

/** The session as it was asked, with its key. */
export class OlderSessionView {
  /** @example sess_0123456789abcdef01234567 */
  readonly id!: string;

  /** @example realtime.session */
  readonly object!: string;

  @ApiProperty({ type: OlderSecret })
  readonly client_secret!: OlderSecret;
}

import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** A voice of one's own. */
export class CustomVoice {
  /** @example voice_1234 */
  readonly id!: string;
}

/** A request for speech; read by hand, since fields of vendors pass through. */
@ApiExtraModels(CustomVoice)
export class SpeechForm {
  /** @example gpt-4o-mini-tts */
  readonly model!: string;

  /**
   * The text to speak, of at most 4096 characters.
   *
   * @example Hello from the gateway.
   */
  @ApiProperty({ maxLength: 4096 })
  readonly input!: string;

  /** Its name, or the id of a voice of your own. */
  @ApiProperty({
    oneOf: [{ type: 'string' }, { $ref: getSchemaPath(CustomVoice) }],
    example: 'alloy',
  })
  readonly voice!: string | CustomVoice;

  /**
   * How it is to be spoken, where the model understands that.
   *
   * @example Calmly.
   */
  readonly instructions?: string;

  @ApiProperty({ enum: ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'], default: 'mp3', required: false })
  readonly response_format?: string;

  @ApiProperty({ minimum: 0.25, maximum: 4, default: 1, required: false })
  readonly speed?: number;

  /** `sse`: in `speech.audio.delta` events, the last of which tells the usage, where the model can. */
  @ApiProperty({ enum: ['audio', 'sse'], default: 'audio', required: false })
  readonly stream_format?: string;
}

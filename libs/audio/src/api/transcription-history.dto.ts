import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';

/** Which transcriptions are listed. */
export class TranscriptionQuery {
  /** How many at most. */
  @ApiProperty({ type: 'integer', required: false, default: 20, minimum: 1, maximum: 100 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  readonly limit: number = 20;

  /**
   * `last_id` of the page before.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @IsUUID()
  readonly after?: string;

  /**
   * SHA-256 of the file, hex.
   *
   * @example ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
   */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @Matches(/^[0-9a-f]{64}$/, { message: 'file_hash must be a SHA-256: 64 hexadecimal digits' })
  readonly file_hash?: string;
}

/** A recording that was heard. */
export class TranscriptionView {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly id!: string;

  /** @example audio.transcription */
  readonly object!: 'audio.transcription';

  /**
   * The `x-request-id` of the answer, by which its usage record is found.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly request_id!: string;

  /**
   * Unix seconds.
   *
   * @example 1764066030
   */
  readonly created_at!: number;

  /**
   * When it is deleted: Unix seconds.
   *
   * @example 1766658030
   */
  readonly expires_at!: number;

  /**
   * `translations`: into English.
   *
   * @example transcriptions
   */
  readonly task!: 'transcriptions' | 'translations';

  /**
   * Vendor id.
   *
   * @example openai
   */
  readonly provider!: string;

  /** @example whisper-1 */
  readonly model!: string;

  /**
   * SHA-256 of the file, hex.
   *
   * @example ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
   */
  readonly file_hash!: string;

  /** @example hello.wav */
  readonly file_name!: string;

  /**
   * Of the recording, in seconds; null when nobody knows.
   *
   * @example 1.7
   */
  readonly duration!: number | null;

  /**
   * As the vendor names it, else as the caller did; null when neither does.
   *
   * @example en
   */
  readonly language!: string | null;

  /**
   * US dollars; null when the price is not known.
   *
   * @example 0.00018
   */
  readonly cost!: number | null;

  /**
   * It was heard before, and cost nothing.
   *
   * @example false
   */
  readonly cached!: boolean;

  /**
   * Null where the project does not keep it.
   *
   * @example Hello from the gateway.
   */
  readonly text!: string | null;
}

export class TranscriptionList {
  /** @example list */
  readonly object!: 'list';

  /** Latest first. */
  readonly data!: TranscriptionView[];

  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly first_id!: string | null;

  /**
   * Send it as `after` to get the next page.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly last_id!: string | null;

  /** @example false */
  readonly has_more!: boolean;
}

export class DeletedTranscription {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly id!: string;

  /** @example audio.transcription */
  readonly object!: 'audio.transcription';

  /** @example true */
  readonly deleted!: true;
}

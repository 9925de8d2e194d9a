import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class SecretExpiry {
  @ApiPropertyOptional({ enum: ['created_at'], default: 'created_at', example: 'created_at' })
  readonly anchor?: string;

  /** How long it opens sessions; one that is open goes on. */
  @ApiPropertyOptional({ minimum: 10, maximum: 7200, default: 600, example: 600 })
  readonly seconds?: number;
}

/** A request for an ephemeral key; read by hand, since what a session may be is for its vendor to say. */
export class ClientSecretForm {
  readonly expires_after?: SecretExpiry;

  /** What its sessions begin with: `type`, `model`, and whatever a `session.update` may say. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { type: 'realtime', model: 'openai/gpt-realtime', instructions: 'Be brief.' },
  })
  readonly session?: object;
}

export class ClientSecretView {
  /**
   * The ephemeral key.
   *
   * @example ek_v1.0a1b2c3d.q83vEjRWeJA
   */
  readonly value!: string;

  /**
   * Unix seconds.
   *
   * @example 1764288000
   */
  readonly expires_at!: number;

  /** The session as it was asked, with an id. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {
      type: 'realtime',
      model: 'openai/gpt-realtime',
      instructions: 'Be brief.',
      id: 'sess_0123456789abcdef01234567',
      object: 'realtime.session',
    },
  })
  readonly session!: object;
}

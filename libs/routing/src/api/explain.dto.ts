import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CreateRoutingPolicy } from './routing-policies.dto.js';

/** What the caller's headers would say, as they would say it: texts all. */
export class ExplainHeaders {
  /**
   * `x-llmhub-models`
   * @example openai/gpt-5-mini,anthropic/claude-haiku-4-5
   */
  @IsOptional()
  @Length(1, 8192)
  readonly models?: string;

  /**
   * `x-llmhub-provider`
   * @example {"sort":"price"}
   */
  @IsOptional()
  @Length(1, 8192)
  readonly provider?: string;

  /**
   * `x-llmhub-max-attempts`
   * @example "2"
   */
  @IsOptional()
  @Length(1, 10)
  readonly maxAttempts?: string;

  /**
   * `x-llmhub-timeout-ms`
   * @example "30000"
   */
  @IsOptional()
  @Length(1, 10)
  readonly timeoutMs?: string;

  /**
   * `x-llmhub-tags`
   * @example batch,night
   */
  @IsOptional()
  @Length(1, 8192)
  readonly tags?: string;

  /**
   * `x-llmhub-metadata`
   * @example {"tier":"free"}
   */
  @IsOptional()
  @Length(1, 8192)
  readonly metadata?: string;
}

/** A call that is not made. */
export class ExplainRouting {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @Length(1, 64)
  readonly projectId!: string;

  /**
   * As a caller would send it: the name of a policy, or a model.
   *
   * @example fast
   */
  @Length(1, 191)
  readonly model!: string;

  /** The body of the call, in the format of any of the text endpoints, or what of it matters. */
  @ApiPropertyOptional({
    allOf: [{ type: 'object', additionalProperties: true }],
    example: { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 256 },
  })
  @IsOptional()
  @IsObject()
  readonly body?: Record<string, unknown>;

  /**
   * Whether the answer is streamed; else the body says it.
   *
   * @example false
   */
  @IsOptional()
  @IsBoolean()
  readonly stream?: boolean;

  /**
   * Tokens of the input; else they are estimated from the body, as for a call.
   *
   * @example 1200
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  readonly inputTokens?: number;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ExplainHeaders)
  readonly headers?: ExplainHeaders;

  /**
   * The API key whose scope holds; else only what the project may use does.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly apiKeyId?: string;

  /** A policy that is not stored, or not yet: it goes before the stored one of its name. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CreateRoutingPolicy)
  readonly policy?: CreateRoutingPolicy;
}

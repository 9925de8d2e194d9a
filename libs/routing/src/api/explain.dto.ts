import { ApiProperty, IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODEL_NAME } from '@app/projects';
import { FreeForm } from '@app/shared';
import { CreateRoutingPolicy, LEFT_OUT_NOT_NULL } from './routing-policies.dto.js';

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
class ExplainedCall {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly projectId!: string;

  /**
   * As a caller would send it: the name of a policy, or a model.
   *
   * @example fast
   */
  @Length(1, 191)
  @Matches(MODEL_NAME.pattern, MODEL_NAME)
  readonly model!: string;

  /** The body of the call, in the format of any of the text endpoints, or what of it matters. */
  @ApiProperty({
    allOf: [{ type: 'object', additionalProperties: true }],
    example: { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 256 },
  })
  @FreeForm()
  @IsObject()
  readonly body!: Record<string, unknown>;

  /**
   * Whether the answer is streamed; else the body says it.
   *
   * @example false
   */
  @IsBoolean()
  readonly stream!: boolean;

  /**
   * Tokens of the input; else they are estimated from the body, as for a call.
   *
   * @example 1200
   */
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  readonly inputTokens!: number;

  /**
   * What the caller's headers say.
   *
   * @example { "tags": "batch", "maxAttempts": "2" }
   */
  @IsObject()
  @ValidateNested()
  @Type(() => ExplainHeaders)
  readonly headers!: ExplainHeaders;

  /**
   * The API key whose scope holds; else only what the project may use does.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsUUID()
  readonly apiKeyId!: string;

  /**
   * A policy that is not stored, or not yet: it goes before the stored one of its name.
   *
   * @example { "name": "fast", "targets": [{ "model": "openai/gpt-5-mini" }], "strategy": "cheapest" }
   */
  @IsObject()
  @ValidateNested()
  @Type(() => CreateRoutingPolicy)
  readonly policy!: CreateRoutingPolicy;
}

export class ExplainRouting extends IntersectionType(
  PickType(ExplainedCall, ['projectId', 'model']),
  PartialType(OmitType(ExplainedCall, ['projectId', 'model']), LEFT_OUT_NOT_NULL),
) {}

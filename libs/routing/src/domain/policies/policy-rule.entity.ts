import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { FreeForm } from '@app/shared';
import { IsLabelRecord } from './label-record.js';
import { STRATEGIES, type Strategy } from './strategy.js';

const MAX_TOKENS = 100_000_000;

export const MODALITIES = ['image', 'audio', 'document'] as const;
export type Modality = (typeof MODALITIES)[number];

/** What a call must be like. All that is given must hold; null does not matter. */
export class PolicyCondition {
  /**
   * Pairs that the call's `metadata` must have: texts, numbers, true or false. `7` and `"7"` are the same.
   *
   * @example { "tier": "free" }
   */
  @IsOptional()
  @FreeForm()
  @IsLabelRecord()
  readonly metadata?: Record<string, string | number | boolean> | null = null;

  /**
   * Tags that the call must have, each of them.
   *
   * @example ["batch"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @Length(1, 64, { each: true })
  readonly tags?: string[] | null = null;

  /**
   * Tokens that the input has at least, as the gateway estimates it.
   *
   * @example 1
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_TOKENS)
  readonly minInputTokens?: number | null = null;

  /**
   * Tokens that the input has at most, as the gateway estimates it.
   *
   * @example 100000
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_TOKENS)
  readonly maxInputTokens?: number | null = null;

  /**
   * What the input must hold besides text, each of them.
   *
   * @example ["image"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(MODALITIES, { each: true })
  readonly modalities?: Modality[] | null = null;

  /**
   * Whether the call offers tools.
   *
   * @example false
   */
  @IsOptional()
  @IsBoolean()
  readonly tools?: boolean | null = null;

  /**
   * Whether the answer is streamed.
   *
   * @example true
   */
  @IsOptional()
  @IsBoolean()
  readonly stream?: boolean | null = null;
}

/** Narrows a policy for some calls. */
export class PolicyRule {
  /** For which calls: it names one condition at least. */
  @IsObject()
  @ValidateNested()
  @Type(() => PolicyCondition)
  readonly when!: PolicyCondition;

  /**
   * The targets of the policy that such calls may go to, the first choice first.
   *
   * @example ["openai/gpt-5-mini"]
   */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Length(1, 191, { each: true })
  readonly targets!: string[];

  /**
   * How such calls choose among them; null means as the policy does.
   *
   * @example cheapest
   */
  @IsOptional()
  @IsIn(STRATEGIES)
  readonly strategy?: Strategy | null = null;
}

import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MODEL_NAME } from '@app/projects';
import { PolicyFallbacks, PolicyTimeouts, PolicyWeights } from './policy-options.entity.js';
import { PolicyRule } from './policy-rule.entity.js';
import { PolicyTarget } from './policy-target.entity.js';
import { STRATEGIES, type Strategy } from './strategy.js';

/** What a model name of a project stands for: some real models, and how a call finds one of them. */
export class RoutingPolicy {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly id!: string;

  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly projectId!: string;

  /**
   * What callers send as `model`, to the letter; it stays for as long as the policy. It goes before a real model of that
   * name, so that `openai/gpt-5` may be given options.
   *
   * @example fast
   */
  @Length(1, 191)
  @Matches(MODEL_NAME.pattern, MODEL_NAME)
  readonly name!: string;

  /**
   * How a call finds its target: in their order, by weight, by the price of this very call, by speed, where fewest calls
   * are open, by a score of all these, or where the cache of its prompt is warm. `priority` by default.
   *
   * @example cheapest
   */
  @IsIn(STRATEGIES)
  readonly strategy!: Strategy;

  /**
   * The models, the first choice first.
   *
   * @example [{ "model": "openai/gpt-5-mini", "weight": 3 }, { "model": "anthropic/claude-haiku-4-5" }]
   */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PolicyTarget)
  readonly targets!: PolicyTarget[];

  /**
   * What holds for some calls; the first that fits counts. None by default.
   *
   * @example [{ "when": { "metadata": { "tier": "free" } }, "targets": ["openai/gpt-5-mini"] }]
   */
  @IsArray()
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PolicyRule)
  readonly rules!: PolicyRule[];

  /**
   * What counts for `balanced`, one thing at least; all of it alike by default.
   *
   * @example { "price": 0.5, "latency": 0.3, "throughput": 0.2, "load": 0 }
   */
  @IsObject()
  @ValidateNested()
  @Type(() => PolicyWeights)
  readonly weights!: PolicyWeights;

  /**
   * Where calls go that every target has refused for one reason; nowhere by default.
   *
   * @example { "contextWindow": ["openai/gpt-4.1"], "contentPolicy": [] }
   */
  @IsObject()
  @ValidateNested()
  @Type(() => PolicyFallbacks)
  readonly fallbacks!: PolicyFallbacks;

  /**
   * How often the vendors are asked for one call, at most. 3 by default.
   *
   * @example 3
   */
  @IsInt()
  @Min(1)
  @Max(10)
  readonly maxAttempts!: number;

  /**
   * How long a call may take, in ms. As long as the gateway allows, by default.
   *
   * @example { "totalMs": 60000, "attemptMs": 30000, "firstTokenMs": 5000, "idleMs": null }
   */
  @IsObject()
  @ValidateNested()
  @Type(() => PolicyTimeouts)
  readonly timeouts!: PolicyTimeouts;

  /**
   * Ask a second target when the first is slow to begin, and take the faster answer; both are billed. False by default.
   *
   * @example false
   */
  @IsBoolean()
  readonly hedge!: boolean;

  /**
   * Go on at another target when a vendor dies in the midst of a streamed answer. False by default: an honest error.
   *
   * @example false
   */
  @IsBoolean()
  readonly midStreamFailover!: boolean;

  /** @example 2026-11-25T10:20:30.456Z */
  @IsISO8601()
  readonly createdAt!: string;

  /**
   * When this version was made.
   *
   * @example 2026-11-25T10:20:30.456Z
   */
  @IsISO8601()
  readonly updatedAt!: string;

  /**
   * Id of the admin user who made this version.
   *
   * @example configured
   */
  readonly authorId!: string;

  /**
   * The user's name at that time.
   *
   * @example Ada
   */
  readonly authorName!: string;

  /**
   * Grows with every change; the ETag begins with it.
   *
   * @example 2
   */
  readonly version!: number;
}

/** What an administrator may choose, besides name and targets. */
export const POLICY_OPTIONS = [
  'strategy',
  'rules',
  'weights',
  'fallbacks',
  'maxAttempts',
  'timeouts',
  'hedge',
  'midStreamFailover',
] as const;

import {
  ApiHideProperty,
  ApiPropertyOptional,
  IntersectionType,
  PartialType,
  PickType,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Equals, IsInt, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { PolicyFallbacks, PolicyTimeouts, PolicyWeights } from '../domain/policies/policy-options.entity.js';
import { PolicyRule } from '../domain/policies/policy-rule.entity.js';
import { POLICY_OPTIONS, RoutingPolicy } from '../domain/policies/routing-policy.entity.js';

/** What may be left out may not be null. */
export const LEFT_OUT_NOT_NULL = { skipNullProperties: false };

export class CreateRoutingPolicy extends IntersectionType(
  PickType(RoutingPolicy, ['name', 'targets']),
  PartialType(PickType(RoutingPolicy, POLICY_OPTIONS), LEFT_OUT_NOT_NULL),
) {}

/** Null takes an option away, so that it has its default again. */
function Removable(...options: readonly string[]): ClassDecorator {
  return ({ prototype }) =>
    options.forEach(option => ApiPropertyOptional({ nullable: true })(prototype as object, option));
}

@Removable('price', 'latency', 'throughput', 'load')
export class ChangePolicyWeights extends PartialType(PolicyWeights) {}

@Removable('contextWindow', 'contentPolicy')
export class ChangePolicyFallbacks extends PartialType(PolicyFallbacks) {}

/** A JSON merge patch (RFC 7386). */
@Removable('strategy', 'maxAttempts', 'hedge', 'midStreamFailover')
export class UpdateRoutingPolicy extends PartialType(
  PickType(RoutingPolicy, ['targets', 'strategy', 'rules', 'maxAttempts', 'hedge', 'midStreamFailover']),
) {
  @ApiHideProperty()
  @Equals(undefined, { message: 'name stays for as long as the policy: leave it out' })
  readonly name?: undefined;

  @ApiPropertyOptional({ type: [PolicyRule], nullable: true })
  override readonly rules?: PolicyRule[];

  /**
   * What counts for `balanced`, one thing at least. Without a weight, the thing does not count; without any, all of it does
   * alike.
   *
   * @example { "price": 0.5, "latency": null }
   */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ChangePolicyWeights)
  readonly weights?: ChangePolicyWeights | null;

  /**
   * Where calls go that every target has refused for one reason.
   *
   * @example { "contextWindow": ["openai/gpt-4.1"], "contentPolicy": null }
   */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ChangePolicyFallbacks)
  readonly fallbacks?: ChangePolicyFallbacks | null;

  /**
   * How long a call may take, in ms.
   *
   * @example { "totalMs": 60000, "idleMs": null }
   */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PolicyTimeouts)
  readonly timeouts?: PolicyTimeouts | null;
}

export class RestoreRoutingPolicy {
  /**
   * The version to go back to.
   *
   * @example 1
   */
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  readonly version!: number;
}

export class RoutingPolicyPage {
  /** Oldest first. */
  readonly data!: RoutingPolicy[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}

export class RoutingPolicyVersions {
  /** Newest first. */
  readonly data!: RoutingPolicy[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 7
   */
  readonly next!: string | null;
}

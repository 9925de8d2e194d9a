import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { POLICY_OPTIONS, RoutingPolicy } from '../domain/policies/routing-policy.entity.js';

/** What may be left out may not be null. */
export const LEFT_OUT_NOT_NULL = { skipNullProperties: false };

export class CreateRoutingPolicy extends IntersectionType(
  PickType(RoutingPolicy, ['name', 'targets']),
  PartialType(PickType(RoutingPolicy, POLICY_OPTIONS), LEFT_OUT_NOT_NULL),
) {}

export class UpdateRoutingPolicy extends PartialType(
  PickType(RoutingPolicy, ['targets', ...POLICY_OPTIONS]),
  LEFT_OUT_NOT_NULL,
) {}

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

import { ApiPropertyOptional, IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { API_KEY_OPTIONS, ApiKey, MAX_OVERLAP_SECONDS } from '../domain/api-key.entity.js';

export class IssueApiKey extends IntersectionType(
  PickType(ApiKey, ['name']),
  PartialType(PickType(ApiKey, API_KEY_OPTIONS)),
) {}

export class UpdateApiKey extends PartialType(PickType(ApiKey, ['name', ...API_KEY_OPTIONS]), {
  skipNullProperties: false,
}) {}

export class RotateApiKey {
  /** For how long the old key works along with the new one, in seconds. */
  @ApiPropertyOptional({ type: 'integer', default: 0, example: 3600 })
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_SECONDS)
  readonly overlapSeconds: number = 0;
}

export class ApiKeyPage {
  /** Oldest first. */
  readonly data!: ApiKey[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}

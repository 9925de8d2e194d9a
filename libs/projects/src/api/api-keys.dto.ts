import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { ApiKey } from '../domain/api-key.entity.js';

export class IssueApiKey extends IntersectionType(
  PickType(ApiKey, ['name']),
  PartialType(PickType(ApiKey, ['expiresAt'])),
) {}

export class ApiKeyPage {
  /** Oldest first. */
  readonly data!: ApiKey[];
  /** Pass it as `after` to get the next page; null on the last one. */
  readonly next!: string | null;
}

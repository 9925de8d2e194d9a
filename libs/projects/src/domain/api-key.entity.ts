import { IsIn, IsISO8601, IsOptional, IsRFC3339, IsUUID, Length, Matches } from 'class-validator';
import { DISPLAY_NAME } from './display-name.js';

export class ApiKey {
  @IsUUID()
  readonly id!: string;

  @IsUUID()
  readonly projectId!: string;

  /** What the key is for. */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /** Begin and end of the key, such as `pk_1f0c…9a2e`. */
  readonly masked!: string;

  @IsIn(['active', 'expired', 'revoked'])
  readonly status!: 'active' | 'expired' | 'revoked';

  @IsISO8601()
  readonly createdAt!: string;

  /** When the key stops working, such as `2027-01-31T12:00:00Z`; null means never. */
  @IsOptional()
  @IsRFC3339()
  @IsISO8601({ strict: true }) // there is no 31 February
  readonly expiresAt!: string | null;

  @IsOptional()
  @IsISO8601()
  readonly revokedAt!: string | null;
}

export class IssuedApiKey extends ApiKey {
  /** The key itself. Shown once. */
  readonly key!: string;
}

/** A key as it is stored: whether it still works is a question of the time it is asked. */
export type StoredApiKey = Omit<ApiKey, 'status'>;

/** Whether a key works at a moment, in Unix ms. */
export function statusOf({ revokedAt, expiresAt }: StoredApiKey, now: number): ApiKey['status'] {
  if (revokedAt !== null) {
    return 'revoked';
  }
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}

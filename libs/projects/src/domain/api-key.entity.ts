import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsRFC3339,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { IsAddressRange } from './address-range.js';
import {
  MOST_CONCURRENT_CALLS,
  MOST_FILE_BYTES,
  MOST_REQUESTS_PER_MINUTE,
  MOST_TOKENS_PER_MINUTE,
} from './call-limits.js';
import { DISPLAY_NAME } from './display-name.js';
import { ENDPOINT_PATTERN, MODEL_PATTERN, VENDOR_ID } from './wire-names.js';

/** For so long two keys of one rotation may work at most: a week. */
export const MAX_OVERLAP_SECONDS = 7 * 24 * 3600;

export class ApiKey {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly id!: string;

  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly projectId!: string;

  /**
   * What the key is for.
   *
   * @example webshop
   */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /**
   * Begin and end of the key.
   *
   * @example pk_1f0c…9a2e
   */
  readonly masked!: string;

  /** @example active */
  @IsIn(['active', 'expired', 'revoked'])
  readonly status!: 'active' | 'expired' | 'revoked';

  /**
   * Paths that may be called, `*` standing for anything; null means all.
   *
   * @example ["/v1/chat/completions", "/v1/audio/*"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Matches(ENDPOINT_PATTERN.pattern, { ...ENDPOINT_PATTERN, each: true })
  readonly allowedEndpoints!: string[] | null;

  /**
   * Models that may be used, `*` standing for anything: with the vendor (`openai/*`) or by the model's own name
   * (`gpt-5-*`); null means all. The very name of a routing policy opens that policy with its targets, when no model has the name.
   *
   * @example ["openai/*", "claude-haiku-*"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Matches(MODEL_PATTERN.pattern, { ...MODEL_PATTERN, each: true })
  readonly allowedModels!: string[] | null;

  /**
   * Ids of the vendors that may be used; null means all that the project may use.
   *
   * @example ["openai", "anthropic"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Matches(VENDOR_ID.pattern, { ...VENDOR_ID, each: true })
  readonly allowedVendors!: string[] | null;

  /**
   * Where calls may come from: addresses and CIDR ranges, IPv4 and IPv6; null means anywhere.
   *
   * @example ["192.0.2.0/24", "2001:db8::/32"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsAddressRange({
    each: true,
    message: '$property must hold addresses or ranges of them, such as 192.0.2.0/24',
  })
  readonly allowedAddresses!: string[] | null;

  /**
   * Requests that the key may make in any minute; null means as many as its project may.
   *
   * @example 60
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS_PER_MINUTE)
  readonly requestsPerMinute!: number | null;

  /**
   * Calls of the key that may be open at the same time; null means as many as its project may have.
   *
   * @example 5
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_CONCURRENT_CALLS)
  readonly concurrentCalls!: number | null;

  /**
   * Tokens that the key may use in any minute, input and output; null means as many as its project may.
   *
   * @example 200000
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_TOKENS_PER_MINUTE)
  readonly tokensPerMinute!: number | null;

  /**
   * Size a file uploaded with the key may have, in bytes; null means what its project may.
   *
   * @example 10485760
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_FILE_BYTES)
  readonly fileLimitBytes!: number | null;

  /** @example 2026-11-25T10:20:30.456Z */
  @IsISO8601()
  readonly createdAt!: string;

  /**
   * When the key stops working; null means never.
   *
   * @example 2099-01-31T12:00:00Z
   */
  @IsOptional()
  @IsRFC3339()
  @IsISO8601({ strict: true }) // there is no 31 February
  readonly expiresAt!: string | null;

  /**
   * When the key was revoked; null means it was not.
   *
   * @example 2026-12-02T10:20:30.456Z
   */
  @IsOptional()
  @IsISO8601()
  readonly revokedAt!: string | null;

  /**
   * Id of the key that replaced this one; null means it was not rotated.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @IsUUID()
  readonly replacedBy!: string | null;

  /**
   * When the key was last used, to a minute; null means never.
   *
   * @example 2026-11-25T10:20:30.456Z
   */
  @IsOptional()
  @IsISO8601()
  readonly lastUsedAt!: string | null;

  /**
   * Grows with every change, but not with use; the ETag begins with it.
   *
   * @example 1
   */
  readonly version!: number;
}

export class IssuedApiKey extends ApiKey {
  /**
   * The key itself. Shown once.
   *
   * @example pk_1f0c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70
   */
  readonly key!: string;
}

/** What an administrator may choose besides the name. */
export const API_KEY_OPTIONS = [
  'expiresAt',
  'allowedEndpoints',
  'allowedModels',
  'allowedVendors',
  'allowedAddresses',
  'requestsPerMinute',
  'concurrentCalls',
  'tokensPerMinute',
  'fileLimitBytes',
] as const;

export type ApiKeySettings = Pick<ApiKey, 'name' | (typeof API_KEY_OPTIONS)[number]>;

/** A key as it is stored: whether it still works is a question of the time it is asked. */
export type StoredApiKey = Omit<ApiKey, 'status'>;

/** Whether a key works at a moment, in Unix ms. */
export function statusOf({ revokedAt, expiresAt }: StoredApiKey, now: number): ApiKey['status'] {
  if (revokedAt !== null) {
    return 'revoked';
  }
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}

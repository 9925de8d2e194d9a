import { Transform } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { ConfigError } from './config.error.js';
import { toInteger } from './config.values.js';
import { RedisSettings } from './redis.settings.js';
import { Setting } from './setting.decorator.js';

const CACHE_STORE = 'AI_GATEWAY_CACHE_STORE';
const MIB = 1024 * 1024;
const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 36_500;

/** What is kept of callers' answers, and for how long. */
export class KeepingSettings extends RedisSettings {
  /** How long responses and conversations are kept for callers of Responses, in ms; 0 keeps none. */
  @Setting('AI_GATEWAY_RESPONSES_TTL_MS', 'a whole number of ms; 0 keeps none')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  readonly responsesTtlMs: number = 30 * DAY_MS;

  /** What one kept response, or one item of a conversation, may have; MongoDB's documents end at 16 MB. */
  @Setting('AI_GATEWAY_RESPONSES_LIMIT_BYTES', 'a whole number of bytes between 1024 and 11534336')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1024)
  @Max(11 * MIB)
  readonly responsesLimitBytes: number = 8 * MIB;

  /** How long an `Idempotency-Key` and its answer are kept, in ms. */
  @Setting('AI_GATEWAY_IDEMPOTENCY_TTL_MS', 'a whole number of ms, at least 1000')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1000)
  readonly idempotencyTtlMs: number = DAY_MS;

  /** For how many days usage records are kept, with their corrections; 0: for good. Their hourly sums stay. */
  @Setting('AI_GATEWAY_RETENTION_USAGE_DAYS', 'a whole number of days up to 36500; 0 is for good')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionUsageDays: number = 0;

  /** The same of hourly sums by end user and tag, which name people: their other sums stay. */
  @Setting('AI_GATEWAY_RETENTION_LABEL_DAYS', 'a whole number of days up to 36500; 0 is for good')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionLabelDays: number = 400;

  /** The same of decision records: how vendors were chosen. */
  @Setting('AI_GATEWAY_RETENTION_DECISION_DAYS', 'a whole number of days up to 36500; 0 is for good')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionDecisionDays: number = 0;

  /** The same of the audit trail. */
  @Setting('AI_GATEWAY_RETENTION_AUDIT_DAYS', 'a whole number of days up to 36500; 0 is for good')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MOST_DAYS)
  readonly retentionAuditDays: number = 0;

  /** What the cache of answers may hold in memory, for all projects together, in bytes; 0: nothing is kept. */
  @Setting('AI_GATEWAY_CACHE_MEMORY_BYTES', 'a whole number of bytes; 0 keeps nothing')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  readonly cacheMemoryBytes: number = 64 * MIB;

  /** The largest answer that is kept, in bytes. */
  @Setting('AI_GATEWAY_CACHE_ENTRY_BYTES', 'a whole number of bytes, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  readonly cacheEntryBytes: number = MIB;

  /** Where answers are kept: in the memory of each gateway alone, or besides in the store or in a Redis. */
  @Setting(CACHE_STORE, 'memory, database or redis')
  @IsIn(['memory', 'database', 'redis'])
  readonly cacheStore: 'memory' | 'database' | 'redis' = 'memory';
}

/** @throws ConfigError when answers are to be kept in a Redis that is not there */
export function refuseNoRedis({ cacheStore, redisUrl }: KeepingSettings): void {
  if (cacheStore === 'redis' && redisUrl === undefined) {
    throw new ConfigError(
      CACHE_STORE,
      'is redis, but no Redis is configured. Set AI_GATEWAY_REDIS_URL, or write memory or database.',
    );
  }
}

import type { VersionedRecords } from '@app/shared';

/** What gateways that share a store know together of one limit. */
export interface LimitRecord {
  /** What is limited, and of whom. */
  readonly id: string;
  /** 0: not in the store yet. */
  readonly version: number;
  /** JSON, of a `SharedWindow` or of the seats of open calls. */
  readonly content: string;
  /** Unix ms by the store's clock, from which on nothing in it counts any more. */
  readonly expiresAt: number;
}

/** Storage port of what limits count. */
export abstract class LimitRecordRepository implements VersionedRecords<LimitRecord> {
  abstract find(id: string): Promise<LimitRecord | null>;
  abstract put(record: LimitRecord): Promise<boolean>;
  /** At most `limit` of them. @param now by the store's clock */
  abstract deleteExpired(now: number, limit: number): Promise<number>;
}

import type { UsageRecord } from './usage-record.entity.js';

/** What is not in records of an earlier release: in its spool, or in documents that it wrote. */
export const OLDER_RECORD = { priceVersion: null } satisfies Partial<UsageRecord>;

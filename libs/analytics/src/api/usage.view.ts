import type { UsageRecord } from '../domain/usage-record.entity.js';
import type { UsageView } from './usage.dto.js';

export function toUsageView(record: UsageRecord): UsageView {
  return { ...record, receivedAt: new Date(record.receivedAt).toISOString() };
}

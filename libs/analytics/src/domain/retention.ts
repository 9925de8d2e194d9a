import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { Config } from '@app/shared';
import { DecisionRepository } from './decision.repository.js';
import { HOUR_MS } from './rollups/usage-hour.js';
import { UsageStock } from './usage-stock.js';

const DAY_MS = 24 * HOUR_MS;

/** Records of one kind, which are kept for a time. */
export interface KeptKind {
  readonly kind: 'usage' | 'decisions' | 'audit';
  /** 0: for good. */
  readonly days: number;
  readonly records: Records;
}

interface Records {
  /** Unix ms; null when there is none. */
  oldest(): Promise<number | null>;
  /** Deletes at most `limit`, the oldest first, and tells how many. */
  deleteBefore(before: number, limit: number): Promise<number>;
}

/** What is kept of calls and changes, and for how long. */
@Injectable()
export class Retention {
  readonly kinds: readonly KeptKind[];

  constructor(usage: UsageStock, decisions: DecisionRepository, audit: AuditTrail, config: Config) {
    this.kinds = [
      { kind: 'usage', days: config.retentionUsageDays, records: usage },
      { kind: 'decisions', days: config.retentionDecisionDays, records: decisions },
      { kind: 'audit', days: config.retentionAuditDays, records: audit },
    ];
  }
}

/** Unix ms: what is older is to go. */
export function keptSince(days: number, now: number): number {
  return now - days * DAY_MS;
}

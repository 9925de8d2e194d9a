import { redact } from '@app/shared';
import { decisionIn } from './decision-text.js';
import type { UsageRecord } from './usage-record.entity.js';

/** How a call came to its vendor, as it is kept beside its usage record. */
export interface UsageDecision extends Pick<UsageRecord, 'id' | 'projectId' | 'receivedAt'> {
  /** `decisionText` of an object. What it says is up to whoever routes; one that was cut says `truncated: true`. */
  readonly decision: string;
}

/** As it is shown: what vendors said in their errors may hold keys. */
export function shownDecision({ decision }: UsageDecision): Record<string, unknown> {
  return decisionIn(redact(decision));
}

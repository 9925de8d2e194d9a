import type { AuditEntry } from '../domain/audit-entry.entity.js';

/** Of each field, so that none is forgotten. */
export const AUDIT_COLUMNS = Object.keys({
  id: 1,
  at: 1,
  actorId: 1,
  actorName: 1,
  actorKey: 1,
  address: 1,
  action: 1,
  targetId: 1,
  projectId: 1,
  before: 1,
  after: 1,
  outcome: 1,
  requestId: 1,
} satisfies Record<keyof AuditEntry, 1>) as (keyof AuditEntry)[];

import type { AuditEntry } from './audit-entry.entity.js';

/** Which entries are asked for; absent fields do not matter. Times in Unix ms, `to` is exclusive. */
export interface AuditFilter {
  /** Id of the user who changed something. */
  readonly actor?: string;
  /** Id of what was changed. */
  readonly target?: string;
  readonly action?: string;
  /** Id of the project it belongs to. */
  readonly project?: string;
  /** The noun of actions: `project` of `project.update`. Small letters and dashes. */
  readonly targetType?: string;
  /** What the action, the id of the target or the name of the user has in it, in capital or small letters. */
  readonly text?: string;
  readonly from?: number;
  readonly to?: number;
}

/** Storage port of the audit trail. */
export abstract class AuditRepository {
  abstract insert(entry: AuditEntry): Promise<void>;
  /** Notes that the change was made. */
  abstract confirm(id: string): Promise<void>;
  /** Takes back the entry of a change that was refused. */
  abstract delete(id: string): Promise<void>;
  /** When the oldest entry was written, Unix ms; null when there is none. */
  abstract oldest(): Promise<number | null>;
  /** Deletes at most `limit` of ids before that one, the oldest first, and tells how many. */
  abstract deleteBefore(id: string, limit: number): Promise<number>;
  /** At most `limit`, latest first, before the one with the id `after`. */
  abstract list(filter: AuditFilter, limit: number, after?: string): Promise<AuditEntry[]>;
}

import { SealedRecords } from '@app/shared';
import type { Alert, StoredAlert } from './alert.entity.js';

/** Storage port of the alerts. It sees envelopes. */
export abstract class AlertRepository extends SealedRecords {
  readonly kind = 'alerts';

  abstract insert(alert: StoredAlert): Promise<void>;
  abstract findById(id: string): Promise<StoredAlert | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(limit: number, after?: string): Promise<StoredAlert[]>;
  /** Ids of those of a project. */
  abstract idsOf(projectId: string): Promise<string[]>;
  /** Takes the place of the version before its own. False when that is not there (any more). */
  abstract replace(alert: StoredAlert): Promise<boolean>;
  /** False when that version is not there (any more). */
  abstract delete(alert: Pick<Alert, 'id' | 'version'>): Promise<boolean>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

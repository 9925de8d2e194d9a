import type { VersionedRecords } from '@app/shared';
import type { AlertState } from './alert-state.js';

/** Storage port of what became of alerts. */
export abstract class AlertStateRepository implements VersionedRecords<AlertState> {
  abstract find(id: string): Promise<AlertState | null>;
  abstract put(state: AlertState): Promise<boolean>;
  /** What is not there is deleted already. */
  abstract delete(ids: readonly string[]): Promise<void>;
}

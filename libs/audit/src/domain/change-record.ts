import { assertSeen, type Author, StaleVersionError } from '@app/shared';
import type { AuditTrail, Change } from './audit-trail.service.js';

interface Versioned {
  readonly id: string;
  readonly version: number;
}

interface RecordChange<Entity> extends Pick<Change, 'action' | 'projectId'> {
  readonly before: Entity;
  /** Still at the version of `before`. */
  readonly after: Entity;
}

/** So often others may come between. */
const ATTEMPTS = 20;

/**
 * Reads a record, and makes a change of what it read; again, when another change came between. Only who sent `If-Match`
 * wants to hear of that.
 *
 * @throws StaleVersionError (412) to that author, or when others never cease; and what `read` and `change` throw
 */
export async function onLatest<Entity extends Versioned, Result>(
  by: Author,
  read: () => Promise<Entity>,
  change: (before: Entity) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const before = await read();
      assertSeen(by, before);
      return await change(before);
    } catch (error) {
      if (!(error instanceof StaleVersionError) || by.seen !== undefined || attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}

/**
 * Makes one change of a versioned record and leaves its entry in the audit trail. What changes nothing is not made.
 *
 * @param write compare-and-set at the version of `before`; false when the record has another one by now
 * @returns the record as it is then
 * @throws StaleVersionError (412) when the store knows another version, and what `write` throws
 */
export async function changeRecord<Entity extends Versioned>(
  audit: AuditTrail,
  by: Author,
  { before, after, ...change }: RecordChange<Entity>,
  write: () => Promise<boolean>,
): Promise<Entity> {
  if (JSON.stringify(after) === JSON.stringify(before)) {
    return before;
  }
  await audit.tell(by, { ...change, targetId: before.id, before, after }, () => orStale(write()));
  return { ...after, version: before.version + 1 };
}

/** @param write compare-and-set; false when the record has another version by now @throws StaleVersionError (412) then */
export async function orStale(write: Promise<boolean>): Promise<void> {
  if (!(await write)) {
    throw new StaleVersionError();
  }
}

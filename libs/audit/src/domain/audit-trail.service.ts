import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Author, type Page, pageOf, type PageQuery } from '@app/shared';
import type { AuditEntry } from './audit-entry.entity.js';
import { type AuditFilter, AuditRepository } from './audit.repository.js';

/** A change that is about to be made. Neither state holds a secret. */
export interface Change {
  /** Such as `project.update`. */
  readonly action: string;
  readonly targetId: string;
  readonly projectId: string | null;
  /** Absent for something new. */
  readonly before?: object;
  /** Absent for something removed. */
  readonly after?: object;
}

/** Changes with every version, and says nothing of its own. */
const NOT_TOLD = new Set(['version']);
/** Of a UUIDv7 as text: its milliseconds, and the dash among them. */
const TIME_DIGITS = 13;

/** Who changed what. */
@Injectable()
export class AuditTrail {
  private lastId = '';

  constructor(private readonly entries: AuditRepository) {}

  /**
   * Makes a change and leaves its entry. The entry goes first: a change that cannot be told is not made, on stores with
   * and without transactions. When the change fails its entry is taken back; should that fail too, the entry tells of an
   * attempt, which is the better one of the two lies.
   *
   * @throws StoreUnavailableError (503), and what `make` throws
   */
  async tell<Result>(by: Author, change: Change, make: () => Promise<Result>): Promise<Result> {
    const entry = entryOf(this.nextId(), by, change);
    await this.entries.insert(entry);
    try {
      return await make();
    } catch (error) {
      await this.entries.delete(entry.id).catch(() => undefined);
      throw error;
    }
  }

  /** Latest first. */
  async list(filter: AuditFilter, { limit, after }: PageQuery): Promise<Page<AuditEntry>> {
    return pageOf(await this.entries.list(filter, limit + 1, after), limit);
  }

  /** UUIDv7 of one millisecond come in any order, but a change is told behind the one before it. */
  private nextId(): string {
    let id: string;
    do {
      id = randomUUIDv7();
    } while (id.slice(0, TIME_DIGITS) === this.lastId.slice(0, TIME_DIGITS) && id <= this.lastId);
    this.lastId = id;
    return id;
  }
}

function entryOf(id: string, by: Author, { action, targetId, projectId, before, after }: Change): AuditEntry {
  return {
    id,
    at: new Date(by.at).toISOString(),
    actorId: by.id,
    actorName: by.name,
    actorKey: by.key,
    address: by.address,
    action,
    targetId,
    projectId,
    before: before ? different(before, after) : null,
    after: after ? different(after, before) : null,
    requestId: by.requestId,
  };
}

/** The fields of a state that another one has not, or has otherwise. */
function different(state: object, other: object = {}): Record<string, unknown> {
  const others = new Map<string, unknown>(Object.entries(other));
  const told = Object.entries(state).filter(
    ([name, value]) => !NOT_TOLD.has(name) && JSON.stringify(value) !== JSON.stringify(others.get(name)),
  );
  return Object.fromEntries(told);
}

import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type Author,
  eachPage,
  firstIdAt,
  GatewayError,
  type Page,
  pageOf,
  type PageQuery,
  StoreUnavailableError,
} from '@app/shared';
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
/** Entries that are in memory at once. */
const EXPORT_PAGE = 500;
/** Of a UUIDv7 as text: its milliseconds, and the dash among them. */
const TIME_DIGITS = 13;

/** Who changed what. */
@Injectable()
export class AuditTrail {
  private lastId = '';

  constructor(private readonly entries: AuditRepository) {}

  /**
   * Makes a change and leaves its entry. The entry goes first, of unknown outcome: a change that cannot be told is not
   * made, on stores with and without transactions. It is taken back when the change was refused. A store that fails has
   * refused nothing: what timed out here may land there, and so the entry stays, of unknown outcome.
   *
   * @throws StoreUnavailableError (503), and what `make` throws
   */
  async tell<Result>(by: Author, change: Change, make: () => Promise<Result>): Promise<Result> {
    const entry = entryOf(this.nextId(), by, change);
    await this.entries.insert(entry);
    const result = await make().catch(async (error: unknown) => {
      if (isRefusal(error)) {
        await this.entries.delete(entry.id).catch(() => undefined);
      }
      throw error;
    });
    await this.entries.confirm(entry.id).catch(() => undefined); // the change stands all the same
    return result;
  }

  /** Latest first. */
  async list(filter: AuditFilter, { limit, after }: PageQuery): Promise<Page<AuditEntry>> {
    return pageOf(await this.entries.list(filter, limit + 1, after), limit);
  }

  /** All of them, latest first, in pages that are read when the one before was taken. */
  pages(filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
    return eachPage<AuditEntry>(EXPORT_PAGE, after => this.entries.list(filter, EXPORT_PAGE, after?.id));
  }

  /** When the oldest entry was written, Unix ms; null when there is none. */
  oldest(): Promise<number | null> {
    return this.entries.oldest();
  }

  /** Deletes at most `limit` entries that are older, and tells how many. @param before Unix ms */
  deleteBefore(before: number, limit: number): Promise<number> {
    return this.entries.deleteBefore(firstIdAt(before), limit);
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
    outcome: 'unknown',
    requestId: by.requestId,
  };
}

/** Whether it says that nothing was changed. */
function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && !(error instanceof StoreUnavailableError);
}

/** The fields of a state that another one has not, or has otherwise. */
function different(state: object, other: object = {}): Record<string, unknown> {
  const others = new Map<string, unknown>(Object.entries(other));
  const told = Object.entries(state).filter(
    ([name, value]) => !NOT_TOLD.has(name) && JSON.stringify(value) !== JSON.stringify(others.get(name)),
  );
  return Object.fromEntries(told);
}

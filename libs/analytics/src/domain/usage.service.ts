import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@app/shared';
import { readCursor, writeCursor } from './usage-cursor.js';
import type { UsageRecord } from './usage-record.entity.js';
import { type UsageFilter, UsageRepository } from './usage.repository.js';

export interface RecordPage {
  readonly records: readonly UsageRecord[];
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null;
}

/** Questions about past calls. */
@Injectable()
export class UsageService {
  constructor(private readonly records: UsageRepository) {}

  /** @throws InvalidRequestError (400) when the cursor is not one of ours */
  async page(filter: UsageFilter, after: string | undefined, limit: number): Promise<RecordPage> {
    const cursor = after === undefined ? null : readCursor(after);
    const found = await this.records.page(filter, cursor, limit + 1); // one more tells whether there is a next page
    const records = found.slice(0, limit);
    const last = records.at(-1);
    return { records, next: last && found.length > limit ? writeCursor(last) : null };
  }

  /**
   * @param id ours, or the vendor's
   * @throws NotFoundError (404)
   */
  async get(id: string): Promise<UsageRecord> {
    const record = (await this.records.findById(id)) ?? (await this.records.findByUpstreamId(id));
    if (!record) {
      throw new NotFoundError('Call', id);
    }
    return record;
  }
}

import { Injectable } from '@nestjs/common';
import { eachPage, NotFoundError, type Page } from '@app/shared';
import { DecisionRepository } from './decision.repository.js';
import type { PastCall } from './past-calls.js';
import { CorrectionRepository } from './corrections/correction.repository.js';
import type { UsageCorrection } from './corrections/usage-correction.entity.js';
import { shownDecision } from './usage-decision.entity.js';
import { readCursor, writeCursor } from './usage-cursor.js';
import type { UsageRecord } from './usage-record.entity.js';
import { type UsageFilter, UsageRepository } from './usage.repository.js';

/** Records that are held in memory for one export: half a megabyte. */
const EXPORT_PAGE = 500;

/** Questions about past calls. */
@Injectable()
export class UsageService {
  constructor(
    private readonly records: UsageRepository,
    private readonly decisions: DecisionRepository,
    private readonly corrections: CorrectionRepository,
  ) {}

  /** @throws InvalidRequestError (400) when the cursor is not one of ours */
  async page(filter: UsageFilter, after: string | undefined, limit: number): Promise<Page<UsageRecord>> {
    const cursor = after === undefined ? null : readCursor(after);
    const found = await this.records.page(filter, cursor, limit + 1); // one more tells whether there is a next page
    const data = found.slice(0, limit);
    const last = data.at(-1);
    return { data, next: last && found.length > limit ? writeCursor(last) : null };
  }

  /** All of them, latest first, in pages that are read when the one before was taken. */
  pages(filter: UsageFilter): AsyncGenerator<UsageRecord[]> {
    return eachPage<UsageRecord>(EXPORT_PAGE, after => this.records.page(filter, after, EXPORT_PAGE));
  }

  /**
   * @param id ours, or the vendor's
   * @throws NotFoundError (404)
   */
  async get(id: string): Promise<Omit<PastCall, 'abandoned'> & { readonly corrections: UsageCorrection[] }> {
    const record = (await this.records.findById(id)) ?? (await this.records.findByUpstreamId(id));
    if (!record) {
      throw new NotFoundError('Call', id);
    }
    const decision = await this.decisions.findById(record.id);
    const corrections = await this.corrections.findOf([record.id]);
    return { record, decision: decision && shownDecision(decision), corrections };
  }
}

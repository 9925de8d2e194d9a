import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Change } from '@app/audit';
import { PriceLists } from '@app/pricing';
import type { PriceList } from '@app/providers';
import { type Author, ConflictError, given, InvalidRequestError } from '@app/shared';
import { readCursor, writeCursor } from '../usage-cursor.js';
import type { UsageRecord } from '../usage-record.entity.js';
import { type UsageCursor, type UsageFilter, UsageRepository } from '../usage.repository.js';
import { CorrectionRepository } from './correction.repository.js';
import { correctionOf, costNow } from './correction-chain.js';
import { repriced, skipReason } from './repriced.js';
import { RepricingSums, type RepricingSummary } from './repricing-sums.js';
import type { UsageCorrection } from './usage-correction.entity.js';

/** Read at once, or written: calls go on between, since the embedded store answers synchronously, within a few ms. */
const BATCH = 100;

/** Which records are repriced, and by what. Times in Unix ms, `to` is exclusive. */
export interface RepricingOrder extends Pick<UsageFilter, 'projectId' | 'provider' | 'model'> {
  readonly from: number;
  readonly to: number;
  /** As of `PriceLists.priceList`. */
  readonly version: string;
  readonly dryRun: boolean;
  /** `next` of the request before. */
  readonly after?: string;
}

export interface RepricingReport extends RepricingSummary {
  readonly priceVersion: string;
  readonly dryRun: boolean;
  /** Where to go on; null when all records were seen. */
  readonly next: string | null;
}

/** Reckons past calls anew, by the prices of some version, and corrects what they cost. Records themselves never change. */
@Injectable()
export class Repricing {
  /** Of one request; the next one goes on where it ended. */
  protected readonly mostRecords: number = 100_000;
  private running = false;

  constructor(
    private readonly records: UsageRepository,
    private readonly corrections: CorrectionRepository,
    private readonly lists: PriceLists,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Of the records that are in the store by then, latest first. Run again, it finds nothing left to correct.
   *
   * @throws InvalidRequestError, NotFoundError for the version; ConflictError (409) while another one runs here
   */
  async run(by: Author, order: RepricingOrder): Promise<RepricingReport> {
    if (!(order.from < order.to)) {
      throw new InvalidRequestError('to must be later than from.', 'to');
    }
    const start = order.after === undefined ? null : readCursor(order.after);
    const prices = await this.lists.priceList(order.version);
    if (this.running) {
      throw new ConflictError('Usage is being repriced already. Wait until that is done.', 'repricing_runs');
    }
    this.running = true;
    try {
      const walk = (): Promise<RepricingReport> => this.walk(by, order, prices, start);
      return order.dryRun ? await walk() : await this.audit.tell(by, changeOf(order, prices.version), walk);
    } finally {
      this.running = false;
    }
  }

  private async walk(
    by: Author,
    order: RepricingOrder,
    prices: PriceList,
    start: UsageCursor | null,
  ): Promise<RepricingReport> {
    const { projectId, provider, model, from, to, dryRun } = order;
    const sums = new RepricingSums();
    let cursor = start;
    let isLast = false;
    for (let seen = 0; seen < this.mostRecords && !isLast; seen += BATCH) {
      const page = await this.records.page({ projectId, provider, model, from, to }, cursor, BATCH);
      const corrections = await this.reprice(page, prices, by, sums);
      if (!dryRun && corrections.length > 0) {
        await nextTurn();
        await this.corrections.insertMany(corrections);
      }
      cursor = page.at(-1) ?? cursor;
      isLast = page.length < BATCH;
      await nextTurn();
    }
    return {
      priceVersion: prices.version,
      dryRun,
      ...sums.summary(),
      next: isLast || !cursor ? null : writeCursor(cursor),
    };
  }

  /** @returns what corrects those whose cost is another by these prices */
  private async reprice(
    page: readonly UsageRecord[],
    prices: PriceList,
    by: Author,
    sums: RepricingSums,
  ): Promise<UsageCorrection[]> {
    const latest = await this.latestOf(page);
    return page.flatMap(record => {
      const last = latest.get(record.id);
      const reason = skipReason(record, last);
      if (reason !== null) {
        sums.skip(reason);
        return [];
      }
      const cost = repriced(record, prices);
      if (cost === null) {
        sums.noteUnknown();
        return [];
      }
      const before = costNow(record, last);
      sums.add(record, before, cost);
      return before === cost ? [] : [correctionOf(record, last, { cost, version: prices.version }, by)];
    });
  }

  /** The end of each chain, by usage record. */
  private async latestOf(page: readonly UsageRecord[]): Promise<ReadonlyMap<string, UsageCorrection>> {
    const found = page.length === 0 ? [] : await this.corrections.findOf(page.map(({ id }) => id));
    return new Map(found.map(correction => [correction.usageId, correction])); // a chain is in its order
  }
}

function changeOf({ from, to, projectId, provider, model }: RepricingOrder, priceVersion: string): Change {
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return {
    action: 'usage.reprice',
    targetId: 'usage',
    projectId: projectId ?? null,
    after: given({ priceVersion, ...range, provider, model }),
  };
}

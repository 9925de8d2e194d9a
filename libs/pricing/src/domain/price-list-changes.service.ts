import { Injectable } from '@nestjs/common';
import { AuditTrail, onLatest } from '@app/audit';
import { PriceBook, type PriceEntries, PriceEntryError, toOverrides } from '@app/providers';
import { type Author, StaleVersionError } from '@app/shared';
import { newPriceList, told } from './new-price-list.js';
import { PriceListRepository } from './price-list.repository.js';
import { PricesFromFileError, UnreadablePricesError } from './pricing.errors.js';
import { PricesInForce } from './prices-in-force.js';
import type { StoredPriceList } from './stored-price-list.entity.js';

/** What is in force: a list, or none. */
interface Latest {
  readonly id: 'prices';
  readonly version: number;
  readonly list: StoredPriceList | null;
}

/** Changes of the operator's prices. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class PriceListChanges {
  constructor(
    private readonly book: PriceBook,
    private readonly inForce: PricesInForce,
    private readonly lists: PriceListRepository,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Replaces all prices of the operator's; none leaves the bundled list alone. The same prices again change nothing.
   *
   * @throws PricesFromFileError (409), UnreadablePricesError (400), StaleVersionError (412)
   */
  async replace(by: Author, prices: PriceEntries): Promise<void> {
    if (this.book.file) {
      throw new PricesFromFileError();
    }
    assertReadable(prices);
    const list = newPriceList(by, 'api', prices);
    const kept = await onLatest(
      by,
      () => this.latest(),
      async before => {
        if (list.digest === before.list?.digest || (before.list === null && list.models === 0)) {
          return before.list;
        }
        const after = { ...list, version: (await this.lists.lastVersion()) + 1 };
        const change = {
          action: 'prices.update',
          targetId: before.id,
          projectId: null,
          ...(before.list && { before: told(before.list, before.version) }),
          after: told(after, after.version),
        };
        await this.audit.tell(by, change, () => this.insert(before, after));
        return after;
      },
    );
    if (kept) {
      this.inForce.use(kept);
    }
  }

  /** As the store has it: another gateway's change may not be in force here yet. */
  private async latest(): Promise<Latest> {
    const version = await this.lists.lastVersion('api');
    return { id: 'prices', version, list: version === 0 ? null : await this.lists.find(version) };
  }

  /** The number is taken by whoever was first, be it with prices of another gateway's file. */
  private async insert(before: Latest, after: StoredPriceList): Promise<void> {
    if ((await this.lists.lastVersion('api')) !== before.version || !(await this.lists.insert(after))) {
      throw new StaleVersionError();
    }
  }
}

function assertReadable(prices: PriceEntries): void {
  try {
    toOverrides(prices);
  } catch (error) {
    throw error instanceof PriceEntryError ? new UnreadablePricesError(error.message) : error;
  }
}

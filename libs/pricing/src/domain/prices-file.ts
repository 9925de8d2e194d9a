import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import type { PriceEntries } from '@app/providers';
import { Clock, localAuthor, StaleVersionError } from '@app/shared';
import { newPriceList, told } from './new-price-list.js';
import { PriceListRepository } from './price-list.repository.js';
import type { StoredPriceList } from './stored-price-list.entity.js';

/** Gateways that start with the same new file at once. */
const ATTEMPTS = 20;

/** Makes a version of what AI_GATEWAY_PRICES_FILE names. */
@Injectable()
export class PricesFile {
  constructor(
    private readonly lists: PriceListRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** New content is a new list; the same content is the same list, at every gateway and after every start. */
  async keep(prices: PriceEntries): Promise<StoredPriceList> {
    const list = newPriceList(localAuthor('gateway', this.clock.now()), 'file', prices);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.lists.findByDigest(list.digest)) ?? (await this.insert(list));
      } catch (error) {
        if (!(error instanceof StaleVersionError) || attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private async insert(list: Omit<StoredPriceList, 'version'>): Promise<StoredPriceList> {
    const kept = { ...list, version: (await this.lists.lastVersion()) + 1 };
    const by = localAuthor('gateway', this.clock.now());
    const change = {
      action: 'prices.file',
      targetId: 'prices',
      projectId: null,
      after: told(kept, kept.version),
    };
    await this.audit.tell(by, change, async () => {
      if (!(await this.lists.insert(kept))) {
        throw new StaleVersionError();
      }
    });
    return kept;
  }
}

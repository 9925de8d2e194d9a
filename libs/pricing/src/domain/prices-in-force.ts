import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PriceBook, PriceList, toOverrides } from '@app/providers';
import { PriceListRepository } from './price-list.repository.js';
import { PricesFile } from './prices-file.js';
import type { StoredPriceList } from './stored-price-list.entity.js';

/** Brings the operator's prices into force: the file's, where there is one, else the latest that were put through the API. */
@Injectable()
export class PricesInForce implements OnModuleInit {
  /** Null while the operator has no prices. */
  private list: StoredPriceList | null = null;

  constructor(
    private readonly book: PriceBook,
    private readonly lists: PriceListRepository,
    private readonly file: PricesFile,
  ) {}

  get current(): StoredPriceList | null {
    return this.list;
  }

  /** @throws StoreUnavailableError: a call must not be priced by a version that nobody can look up */
  async onModuleInit(): Promise<void> {
    if (this.book.file) {
      this.use({ ...(await this.file.keep(this.book.file)), source: 'file' });
    } else {
      await this.refresh();
    }
  }

  /** From the next call on, in this process. An older list than holds already changes nothing. */
  use(list: StoredPriceList): void {
    if (list.version > (this.list?.version ?? 0)) {
      this.book.use(new PriceList(toOverrides(list.prices), list.version));
      this.list = list;
    }
  }

  /** Takes over what was put through another gateway. @throws StoreUnavailableError */
  async refresh(): Promise<void> {
    const last = await this.lists.lastVersion('api');
    const list = last > (this.list?.version ?? 0) ? await this.lists.find(last) : null;
    if (list) {
      this.use(list);
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Config } from '@app/shared';
import type { Price } from './price.js';
import { PriceList } from './price-list.js';
import { type PriceEntries, readPricesFile, toOverrides } from './price-overrides.js';

/** The prices and context windows in force: the operator's own first, then the bundled list. */
@Injectable()
export class PriceBook {
  /** What `AI_GATEWAY_PRICES_FILE` names; null when it names none. */
  readonly file: PriceEntries | null;
  private current: PriceList;

  /** @throws ConfigError when the price file is wrong */
  constructor(config: Config) {
    this.file = config.pricesFile ? readPricesFile(config.pricesFile) : null;
    this.current = new PriceList(this.file ? toOverrides(this.file) : undefined);
  }

  /** Whoever reckons one call in several steps holds on to it: it stays the same when others come into force. */
  get inForce(): PriceList {
    return this.current;
  }

  /** From now on these prices hold. */
  use(list: PriceList): void {
    this.current = list;
  }

  /** As of the list in force. */
  priceOf(vendor: string, model: string, at?: number): Price | null {
    return this.current.priceOf(vendor, model, at);
  }

  /** As of the list in force. */
  contextOf(vendor: string, model: string): number | null {
    return this.current.contextOf(vendor, model);
  }
}

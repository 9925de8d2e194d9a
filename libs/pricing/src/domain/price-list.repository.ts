import type { PriceListSummary, PriceSource, StoredPriceList } from './stored-price-list.entity.js';

/** Storage port of the operator's price lists. They are only ever added. */
export abstract class PriceListRepository {
  /** @returns false when there is one of that version */
  abstract insert(list: StoredPriceList): Promise<boolean>;
  abstract find(version: number): Promise<StoredPriceList | null>;
  /** The latest with these very prices. */
  abstract findByDigest(digest: string): Promise<StoredPriceList | null>;
  /** The highest version, of that source or of any; 0 when there is none. */
  abstract lastVersion(source?: PriceSource): Promise<number>;
  /** Newest first, those before a version. */
  abstract listBefore(version: number, limit: number): Promise<PriceListSummary[]>;
}

import { createHash } from 'node:crypto';
import type { PriceEntries } from '@app/providers';
import type { Author } from '@app/shared';
import type { PriceSource, StoredPriceList } from './stored-price-list.entity.js';

/** All of a list but the number that it gets. */
export function newPriceList(
  by: Author,
  source: PriceSource,
  prices: PriceEntries,
): Omit<StoredPriceList, 'version'> {
  return {
    source,
    digest: createHash('sha256').update(JSON.stringify(prices)).digest('hex'),
    models: Object.keys(prices).length,
    prices,
    createdAt: new Date(by.at).toISOString(),
    authorId: by.id,
    authorName: by.name,
  };
}

/** What the audit trail says of a list, which is kept itself. */
export function told(
  { digest, models }: Pick<StoredPriceList, 'digest' | 'models'>,
  priceList: number,
): object {
  return { priceList, models, digest };
}

import { PriceBook } from '@app/providers';
import { readConfig } from '@app/shared';
import { PriceListChanges } from '../../libs/pricing/src/domain/price-list-changes.service.js';
import type { PriceListRepository } from '../../libs/pricing/src/domain/price-list.repository.js';
import { PriceLists } from '../../libs/pricing/src/domain/price-lists.service.js';
import { PricesFile } from '../../libs/pricing/src/domain/prices-file.js';
import { PricesInForce } from '../../libs/pricing/src/domain/prices-in-force.js';
import { priceListRepository } from '../../libs/pricing/src/pricing.module.js';
import type { TestProjects } from './projects.js';

/** The prices of one gateway. */
export interface TestPricing {
  readonly book: PriceBook;
  readonly stored: PriceListRepository;
  readonly inForce: PricesInForce;
  readonly lists: PriceLists;
  readonly changes: PriceListChanges;
}

/** A gateway that starts on a store, which others may share. */
export async function openPricing(
  { database, audit, clock }: TestProjects,
  env: Record<string, string> = {},
): Promise<TestPricing> {
  const book = new PriceBook(readConfig(env));
  const stored = await priceListRepository.useFactory(database);
  const inForce = new PricesInForce(book, stored, new PricesFile(stored, audit, clock));
  await inForce.onModuleInit();
  const lists = new PriceLists(book, inForce, stored);
  return { book, stored, inForce, lists, changes: new PriceListChanges(book, inForce, stored, audit) };
}

import { Injectable } from '@nestjs/common';
import { CATALOGUE_VERSION, PriceBook, PriceList, toOverrides } from '@app/providers';
import { InvalidRequestError, NotFoundError, type Page, type PageQuery } from '@app/shared';
import { PriceListRepository } from './price-list.repository.js';
import { PricesInForce } from './prices-in-force.js';
import type { PriceListSummary, StoredPriceList } from './stored-price-list.entity.js';

const VERSION = /^(?:(?<catalogue>\d+\.\d+\.\d+)(?:\+(?<full>\d{1,9}))?|(?<bare>\d{1,9}))$/;

/** Questions about prices, past and present. */
@Injectable()
export class PriceLists {
  constructor(
    private readonly book: PriceBook,
    private readonly inForce: PricesInForce,
    private readonly lists: PriceListRepository,
  ) {}

  /** The operator's prices in force, null when there are none, and the version that usage records keep. */
  current(): { readonly list: StoredPriceList | null; readonly priceVersion: string } {
    return { list: this.inForce.current, priceVersion: this.book.inForce.version };
  }

  /** Newest first; a page goes on behind a version. */
  async versions({ limit, after }: PageQuery): Promise<Page<PriceListSummary>> {
    const before = after === undefined ? 2 ** 31 - 1 : numberIn(after, 'after');
    const lists = await this.lists.listBefore(before, limit + 1);
    const data = lists.slice(0, limit);
    return { data, next: lists.length > limit ? String(data.at(-1)?.version) : null };
  }

  /** @throws NotFoundError */
  async version(text: string): Promise<StoredPriceList> {
    const found = /^\d{1,9}$/.test(text) ? await this.lists.find(Number(text)) : null;
    if (!found) {
      throw new NotFoundError('Price list', text.slice(0, 64));
    }
    return found;
  }

  /**
   * The prices of some version, to reckon with.
   *
   * @param version a list's number, 0 for none, or as usage records have it: then the bundled list must be the one here
   * @throws InvalidRequestError, NotFoundError
   */
  async priceList(version: string): Promise<PriceList> {
    const { catalogue, full, bare } = VERSION.exec(version)?.groups ?? {};
    if (catalogue === undefined && bare === undefined) {
      throw new InvalidRequestError(
        'version must be the number of a price list, such as `3`, or a price version, such as `0.1.8+3`.',
        'version',
      );
    }
    if (catalogue !== undefined && catalogue !== CATALOGUE_VERSION) {
      throw new InvalidRequestError(
        `version names release ${catalogue} of the bundled price list, and this gateway has ${CATALOGUE_VERSION}. ` +
          'Send the number of the price list alone to reckon with the bundled list as it is here.',
        'version',
      );
    }
    const number = Number(full ?? bare ?? 0);
    return number === 0 ? new PriceList() : this.stored(number);
  }

  private async stored(number: number): Promise<PriceList> {
    const { prices } = await this.version(String(number));
    return new PriceList(toOverrides(prices), number);
  }
}

function numberIn(text: string, field: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidRequestError(`${field} must be \`next\` of the page before.`, field);
  }
  return Number(text);
}

import { Injectable } from '@nestjs/common';
import { type Price, PriceBook } from '@app/providers';
import { NotFoundError } from '@app/shared';

/** What a call would be charged now. */
export interface PriceQuote {
  readonly priceVersion: string;
  readonly isOwn: boolean;
  readonly price: Price;
  /** In tokens. */
  readonly contextTokens: number | null;
}

/** Tells what a model costs at this moment. */
@Injectable()
export class PriceQuotes {
  constructor(private readonly book: PriceBook) {}

  /** @throws NotFoundError when nobody knows its price */
  of(provider: string, model: string): PriceQuote {
    const { inForce } = this.book;
    const price = inForce.priceOf(provider, model);
    if (!price) {
      throw new NotFoundError('A price of', `${provider}/${model}`);
    }
    return {
      priceVersion: inForce.version,
      isOwn: inForce.isOwnPrice(provider, model),
      price,
      contextTokens: inForce.contextOf(provider, model),
    };
  }
}

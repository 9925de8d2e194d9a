import { Body, Controller, Get, Param, Put, Query, UseInterceptors } from '@nestjs/common';
import { ApiConflictResponse } from '@nestjs/swagger';
import { Access, type Author, By, Conditional, EntityTagInterceptor, PageQuery } from '@app/shared';
import { PriceListChanges } from '../domain/price-list-changes.service.js';
import { PriceLists } from '../domain/price-lists.service.js';
import { PriceQuotes } from '../domain/price-quote.js';
import { StoredPriceList } from '../domain/stored-price-list.entity.js';
import {
  PriceListVersions,
  Prices,
  QuoteQuery,
  QuoteView,
  ReplacePrices,
  toPrices,
  toQuote,
} from './prices.dto.js';

@Access('admin')
@Controller('admin/prices')
@UseInterceptors(EntityTagInterceptor)
export class PricesController {
  constructor(
    private readonly lists: PriceLists,
    private readonly changes: PriceListChanges,
    private readonly quotes: PriceQuotes,
  ) {}

  /** Shows your own prices, which go before those of the bundled price list. */
  @Get()
  get(): Prices {
    return toPrices(this.lists.current());
  }

  /** Replaces your own prices as a whole, in force here from the next call on, at other gateways within seconds. */
  @ApiConflictResponse()
  @Put()
  @Conditional()
  async replace(@By() by: Author, @Body() { prices }: ReplacePrices): Promise<Prices> {
    await this.changes.replace(by, prices);
    return toPrices(this.lists.current());
  }

  /** Lists all versions of your own prices, newest first. */
  @Get('versions')
  versions(@Query() page: PageQuery): Promise<PriceListVersions> {
    return this.lists.versions(page);
  }

  /** Shows your own prices as they once were. */
  @Get('versions/:version')
  version(@Param('version') version: string): Promise<StoredPriceList> {
    return this.lists.version(version);
  }

  /** Tells what a model costs now, and from where that is known. */
  @Get('quote')
  quote(@Query() { provider, model }: QuoteQuery): QuoteView {
    return toQuote(this.quotes.of(provider, model));
  }
}

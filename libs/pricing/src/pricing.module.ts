import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProvidersModule } from '@app/providers';
import { repository } from '@app/shared';
import { PricesController } from './api/prices.controller.js';
import { PriceListChanges } from './domain/price-list-changes.service.js';
import { PriceListRepository } from './domain/price-list.repository.js';
import { PriceLists } from './domain/price-lists.service.js';
import { PriceQuotes } from './domain/price-quote.js';
import { PricesFile } from './domain/prices-file.js';
import { PricesInForce } from './domain/prices-in-force.js';
import { PricesRefresh } from './domain/prices-refresh.js';
import { PriceListSqlRepository } from './infrastructure/price-list.sql.repository.js';

export const priceListRepository = repository(PriceListRepository, {
  sql: PriceListSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/price-list.mongo.repository.js')).PriceListMongoRepository,
});

@Module({
  imports: [AuditModule, ProvidersModule],
  controllers: [PricesController],
  providers: [
    PricesFile,
    PricesInForce,
    PricesRefresh,
    PriceLists,
    PriceListChanges,
    PriceQuotes,
    priceListRepository,
  ],
  exports: [PriceLists],
})
export class PricingModule {}

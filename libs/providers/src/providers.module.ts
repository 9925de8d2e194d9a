import { Module } from '@nestjs/common';
import { Config } from '@app/shared';
import { ProvidersController } from './api/providers.controller.js';
import { configuredVendors } from './catalog/vendors.js';
import { EgressGuard } from './client/egress-guard.js';
import { VendorClient } from './client/vendor.client.js';
import { AccessTokens } from './credentials/access-tokens.js';
import { ModelBook } from './models/model-book.js';
import { ModelLists } from './models/model-lists.js';
import { PriceBook } from './prices/price-book.js';
import { ProviderRegistry, VENDORS } from './provider.registry.js';
import { ProviderStatusService } from './status/provider-status.service.js';

@Module({
  controllers: [ProvidersController],
  providers: [
    { provide: VENDORS, inject: [Config], useFactory: configuredVendors },
    ProviderRegistry,
    ProviderStatusService,
    VendorClient,
    AccessTokens,
    ModelBook,
    ModelLists,
    { provide: EgressGuard, inject: [Config], useFactory: (config: Config) => new EgressGuard(config) },
    PriceBook,
  ],
  exports: [
    VENDORS,
    ProviderRegistry,
    AccessTokens,
    VendorClient,
    ModelBook,
    ModelLists,
    EgressGuard,
    PriceBook,
  ],
})
export class ProvidersModule {}

import { Module } from '@nestjs/common';
import { Config } from '@app/shared';
import { configuredVendors } from './catalog/vendors.js';
import { EgressGuard } from './client/egress-guard.js';
import { VendorClient } from './client/vendor.client.js';
import { PriceBook } from './prices/price-book.js';
import { ProviderRegistry, VENDORS } from './provider.registry.js';

@Module({
  providers: [
    { provide: VENDORS, inject: [Config], useFactory: configuredVendors },
    ProviderRegistry,
    VendorClient,
    { provide: EgressGuard, inject: [Config], useFactory: (config: Config) => new EgressGuard(config) },
    PriceBook,
  ],
  exports: [VENDORS, ProviderRegistry, VendorClient, EgressGuard, PriceBook],
})
export class ProvidersModule {}

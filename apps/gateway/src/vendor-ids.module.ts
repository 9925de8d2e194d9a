import { Global, Module } from '@nestjs/common';
import { VendorIds } from '@app/projects';
import { ProviderRegistry, ProvidersModule } from '@app/providers';

/** Tells `projects`, which may not use `providers`, which vendors there are. */
@Global()
@Module({
  imports: [ProvidersModule],
  providers: [
    {
      provide: VendorIds,
      inject: [ProviderRegistry],
      useFactory: (registry: ProviderRegistry): VendorIds => ({ all: registry.all.map(({ id }) => id) }),
    },
  ],
  exports: [VendorIds],
})
export class VendorIdsModule {}

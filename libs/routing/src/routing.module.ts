import { Module } from '@nestjs/common';
import { ProvidersModule } from '@app/providers';
import { ModelRouter } from './domain/model-router.js';
import { PolicyStorageModule } from './policy-storage.module.js';

@Module({
  imports: [ProvidersModule, PolicyStorageModule],
  providers: [ModelRouter],
  exports: [ModelRouter, PolicyStorageModule],
})
export class RoutingModule {}

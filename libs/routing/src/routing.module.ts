import { Module } from '@nestjs/common';
import { ProvidersModule } from '@app/providers';
import { ModelRouter } from './domain/model-router.js';

@Module({
  imports: [ProvidersModule],
  providers: [ModelRouter],
  exports: [ModelRouter],
})
export class RoutingModule {}

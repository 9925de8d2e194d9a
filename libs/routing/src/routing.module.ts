import { Module } from '@nestjs/common';
import { ProvidersModule } from '@app/providers';
import { TargetsController } from './api/targets.controller.js';
import { HedgeBudget, RetryBudget } from './domain/health/attempt-budget.js';
import { KeyCooldowns } from './domain/health/key-cooldowns.js';
import { KeyPool } from './domain/health/key-pool.js';
import { Random } from './domain/health/random.js';
import { TargetHealth } from './domain/health/target-health.js';
import { TargetStatusService } from './domain/health/target-status.service.js';
import { ModelRouter } from './domain/model-router.js';

const health = [TargetHealth, KeyCooldowns, KeyPool, RetryBudget, HedgeBudget];

@Module({
  imports: [ProvidersModule],
  controllers: [TargetsController],
  providers: [ModelRouter, Random, TargetStatusService, ...health],
  exports: [ModelRouter, ...health],
})
export class RoutingModule {}

import { Module } from '@nestjs/common';
import { ProvidersModule } from '@app/providers';
import { repository } from '@app/shared';
import { TargetsController } from './api/targets.controller.js';
import { HedgeBudget, RetryBudget } from './domain/health/attempt-budget.js';
import { HealthExchange } from './domain/health/health-exchange.js';
import { HealthFactsRepository } from './domain/health/health-facts.repository.js';
import { HealthReports } from './domain/health/health-reports.js';
import { HealthSweep } from './domain/health/health-sweep.js';
import { KeyCooldowns } from './domain/health/key-cooldowns.js';
import { KeyPool } from './domain/health/key-pool.js';
import { Random } from './domain/health/random.js';
import { TargetHealth } from './domain/health/target-health.js';
import { TargetStatusService } from './domain/health/target-status.service.js';
import { ModelRouter } from './domain/model-router.js';
import { HealthFactsSqlRepository } from './infrastructure/health-facts.sql.repository.js';

export const healthFactsRepository = repository(HealthFactsRepository, {
  sql: HealthFactsSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/health-facts.mongo.repository.js')).HealthFactsMongoRepository,
});

/** How gateways tell each other. */
const exchange = [HealthReports, HealthExchange, HealthSweep, healthFactsRepository];

const health = [TargetHealth, KeyCooldowns, KeyPool, RetryBudget, HedgeBudget];

@Module({
  imports: [ProvidersModule],
  controllers: [TargetsController],
  providers: [ModelRouter, Random, TargetStatusService, ...health, ...exchange],
  exports: [ModelRouter, ...health],
})
export class RoutingModule {}

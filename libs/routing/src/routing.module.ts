import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { ExplainController } from './api/explain.controller.js';
import { HealthMetrics } from './api/health-metrics.js';
import { RoutingPoliciesController } from './api/routing-policies.controller.js';
import { Departures } from './domain/executing/departures.js';
import { Executor } from './domain/executing/executor.js';
import { repository } from '@app/shared';
import { TargetsController } from './api/targets.controller.js';
import { ImaginedCalls } from './domain/explaining/imagined-calls.js';
import { RouteExplainer } from './domain/explaining/route-explainer.js';
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
import { CandidateFacts } from './domain/planning/candidate-facts.js';
import { Choices } from './domain/planning/choices.js';
import { Decisions } from './domain/planning/decisions.js';
import { WarmPrompts } from './domain/planning/warm-prompts.js';
import { PolicyCheck } from './domain/policies/policy-check.js';
import { PolicySoundness } from './domain/policies/policy-soundness.js';
import { RoutingPoliciesService } from './domain/policies/routing-policies.service.js';
import { RoutingPolicyChanges } from './domain/policies/routing-policy-changes.service.js';
import { RoutePlanner } from './domain/route-planner.js';
import { VendorKeys } from './domain/vendor-keys.js';
import { HealthFactsSqlRepository } from './infrastructure/health-facts.sql.repository.js';
import { PolicyStorageModule } from './policy-storage.module.js';

export const healthFactsRepository = repository(HealthFactsRepository, {
  sql: HealthFactsSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/health-facts.mongo.repository.js')).HealthFactsMongoRepository,
});

/** How gateways tell each other. */
const exchange = [HealthReports, HealthExchange, HealthSweep, healthFactsRepository];

const health = [TargetHealth, KeyCooldowns, KeyPool, RetryBudget, HedgeBudget];
const planning = [RoutePlanner, Decisions, Choices, CandidateFacts, WarmPrompts];
const executing = [Executor, Departures, VendorKeys];
const explaining = [RouteExplainer, ImaginedCalls];
const policies = [PolicyCheck, PolicySoundness, RoutingPoliciesService, RoutingPolicyChanges];

@Module({
  imports: [AuditModule, ProjectsModule, ProvidersModule, PolicyStorageModule],
  controllers: [RoutingPoliciesController, TargetsController, ExplainController],
  providers: [
    ModelRouter,
    Random,
    TargetStatusService,
    HealthMetrics,
    ...planning,
    ...executing,
    ...health,
    ...exchange,
    ...policies,
    ...explaining,
  ],
  exports: [ModelRouter, RoutePlanner, Executor, VendorKeys, PolicyStorageModule, ...health],
})
export class RoutingModule {}

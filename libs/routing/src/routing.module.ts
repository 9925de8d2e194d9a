import { Module } from '@nestjs/common';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { Departures } from './domain/executing/departures.js';
import { Executor } from './domain/executing/executor.js';
import { HedgeBudget, RetryBudget } from './domain/health/attempt-budget.js';
import { KeyCooldowns } from './domain/health/key-cooldowns.js';
import { KeyPool } from './domain/health/key-pool.js';
import { Random } from './domain/health/random.js';
import { TargetHealth } from './domain/health/target-health.js';
import { ModelRouter } from './domain/model-router.js';
import { CandidateFacts } from './domain/planning/candidate-facts.js';
import { Choices } from './domain/planning/choices.js';
import { Decisions } from './domain/planning/decisions.js';
import { WarmPrompts } from './domain/planning/warm-prompts.js';
import { RoutePlanner } from './domain/route-planner.js';
import { VendorKeys } from './domain/vendor-keys.js';
import { PolicyStorageModule } from './policy-storage.module.js';

const health = [TargetHealth, KeyCooldowns, KeyPool, RetryBudget, HedgeBudget];

const planning = [RoutePlanner, Decisions, Choices, CandidateFacts, WarmPrompts];
const executing = [Executor, Departures, VendorKeys];

@Module({
  imports: [PolicyStorageModule, ProjectsModule, ProvidersModule],
  providers: [ModelRouter, Random, ...planning, ...executing, ...health],
  exports: [ModelRouter, RoutePlanner, Executor, PolicyStorageModule, ...health],
})
export class RoutingModule {}

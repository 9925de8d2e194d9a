import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { RoutingPoliciesController } from './api/routing-policies.controller.js';
import { ModelRouter } from './domain/model-router.js';
import { PolicyCheck } from './domain/policies/policy-check.js';
import { RoutingPoliciesService } from './domain/policies/routing-policies.service.js';
import { RoutingPolicyChanges } from './domain/policies/routing-policy-changes.service.js';
import { PolicyStorageModule } from './policy-storage.module.js';

@Module({
  imports: [AuditModule, ProjectsModule, ProvidersModule, PolicyStorageModule],
  controllers: [RoutingPoliciesController],
  providers: [ModelRouter, PolicyCheck, RoutingPoliciesService, RoutingPolicyChanges],
  exports: [ModelRouter, PolicyStorageModule],
})
export class RoutingModule {}

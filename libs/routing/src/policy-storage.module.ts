import { Module } from '@nestjs/common';
import { repository } from '@app/shared';
import { KeptPolicies } from './domain/policies/kept-policies.js';
import { PolicyBook } from './domain/policies/policy-book.js';
import { PolicyVersionRepository } from './domain/policies/policy-version.repository.js';
import { RoutingPolicyRepository } from './domain/policies/routing-policy.repository.js';
import { PolicyVersionSqlRepository } from './infrastructure/policy-version.sql.repository.js';
import { RoutingPolicySqlRepository } from './infrastructure/routing-policy.sql.repository.js';

export const routingPolicyRepository = repository(RoutingPolicyRepository, {
  sql: RoutingPolicySqlRepository,
  mongo: async () =>
    (await import('./infrastructure/routing-policy.mongo.repository.js')).RoutingPolicyMongoRepository,
});
export const policyVersionRepository = repository(PolicyVersionRepository, {
  sql: PolicyVersionSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/policy-version.mongo.repository.js')).PolicyVersionMongoRepository,
});

/** What is kept of policies, without the vendors: enough to delete a project's from the command line. */
@Module({
  providers: [KeptPolicies, PolicyBook, routingPolicyRepository, policyVersionRepository],
  exports: [KeptPolicies, PolicyBook],
})
export class PolicyStorageModule {}

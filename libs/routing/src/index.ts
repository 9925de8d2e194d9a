export { ModelRouter, type Route } from './domain/model-router.js';
export { KeptPolicies } from './domain/policies/kept-policies.js';
export { type Policies, PolicyBook } from './domain/policies/policy-book.js';
export type { CompiledPolicy } from './domain/policies/policy-definition.js';
export type { RoutingPolicy } from './domain/policies/routing-policy.entity.js';
export type { Strategy } from './domain/policies/strategy.js';
export { UnknownModelError } from './domain/routing.errors.js';
export { PolicyStorageModule } from './policy-storage.module.js';
export { RoutingModule } from './routing.module.js';

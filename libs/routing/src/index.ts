export { ModelRouter, type Route } from './domain/model-router.js';
export { plan } from './domain/planning/plan.js';
export type { Candidate, RoutingPlan, RoutingSnapshot } from './domain/planning/routing-snapshot.js';
export { UnknownModelError } from './domain/routing.errors.js';
export { RoutingModule } from './routing.module.js';

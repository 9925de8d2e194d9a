export { ModelRouter, type Route } from './domain/model-router.js';
export { UnknownModelError } from './domain/routing.errors.js';
export { RoutingModule } from './routing.module.js';

export { ConcurrencyLimitError, RequestLimitError } from './domain/limits.errors.js';
export { type Limited, RequestLimits } from './domain/request-limits.js';
export { LimitsModule } from './limits.module.js';

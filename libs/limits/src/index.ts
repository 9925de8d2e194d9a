export type { Limited } from './domain/limited.js';
export { ConcurrencyLimitError, LimitsUnavailableError, RequestLimitError } from './domain/limits.errors.js';
export { MemoryRequestLimits } from './domain/memory-request-limits.js';
export { RequestLimits } from './domain/request-limits.js';
export { LimitsModule } from './limits.module.js';

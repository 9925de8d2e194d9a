export type { Limited } from './domain/limited.js';
export {
  ConcurrencyLimitError,
  LimitsUnavailableError,
  RequestLimitError,
  TokenLimitError,
  TooManyTokensError,
} from './domain/limits.errors.js';
export { MemoryRequestLimits } from './domain/memory-request-limits.js';
export { MemoryTokenLimits } from './domain/memory-token-limits.js';
export { withGuess } from './domain/quotas.js';
export { RequestLimits } from './domain/request-limits.js';
export { TokenLimits } from './domain/token-limits.js';
export { LimitsModule } from './limits.module.js';

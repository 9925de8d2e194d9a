export { ApiKeyGuard } from './api/api-key.guard.js';
export { presentedKey } from './api/presented-key.js';
export { signalOf } from './api/signal-of.js';
export { AuthModule } from './auth.module.js';
export { Admission } from './domain/admission.js';
export {
  AdminOnlyError,
  InvalidApiKeyError,
  MissingApiKeyError,
  ProjectDeletedError,
  ProjectSuspendedError,
  RoleRequiredError,
  SessionKeyExpiredError,
  SessionKeyOnlyError,
  TooManyWrongKeysError,
} from './domain/auth.errors.js';
export type { Caller } from './domain/key-access.js';

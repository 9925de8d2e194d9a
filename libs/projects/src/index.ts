export { AdminKeysService } from './domain/admin-keys.service.js';
export { type ApiKey, type IssuedApiKey, statusOf, type StoredApiKey } from './domain/api-key.entity.js';
export { ApiKeysService, type KeyOwner, type NewApiKey } from './domain/api-keys.service.js';
export { EncryptionCheck } from './domain/encryption-check.service.js';
export { type CreatedProject, Project, type ProjectSettings } from './domain/project.entity.js';
export { UnreadableProviderKeyError } from './domain/projects.errors.js';
export { ProjectsService } from './domain/projects.service.js';
export type { ProviderKey } from './domain/provider-key.entity.js';
export {
  type NewProviderKey,
  ProviderKeysService,
  type ProviderSecret,
} from './domain/provider-keys.service.js';
export { ProjectsModule } from './projects.module.js';

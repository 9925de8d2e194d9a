export { AdminUserChanges } from './domain/admin-user-changes.service.js';
export type { AdminUser, IssuedAdminUser } from './domain/admin-user.entity.js';
export { AdminSessions, SESSION_MS } from './domain/admin-sessions.js';
export { type AdminIdentity, AdminUsersService } from './domain/admin-users.service.js';
export { ApiKeyChanges, type NewApiKey } from './domain/api-key-changes.service.js';
export { ApiKey, type IssuedApiKey, statusOf, type StoredApiKey } from './domain/api-key.entity.js';
export { ApiKeysService, type KeyOwner } from './domain/api-keys.service.js';
export { type ClientSecret, ClientSecrets, isClientSecret } from './domain/client-secrets.js';
export { DISPLAY_NAME } from './domain/display-name.js';
export { EncryptionCheck } from './domain/encryption-check.service.js';
export { fitsGlob } from './domain/glob.js';
export { KeyUse } from './domain/key-use.js';
export type { OpenedProviderKey } from './domain/opened-keys.js';
export { ProjectChanges } from './domain/project-changes.service.js';
export { ProjectSweep } from './domain/project-sweep.js';
export { ProjectContents } from './domain/project-contents.js';
export { type CreatedProject, Project, type ProjectSettings } from './domain/project.entity.js';
export {
  OutsideScopeError,
  ProjectDeletedError,
  UnreadableProviderKeyError,
} from './domain/projects.errors.js';
export { ProjectsService } from './domain/projects.service.js';
export { type NewProviderKey, ProviderKeyChanges } from './domain/provider-key-changes.service.js';
export type { ProviderKey } from './domain/provider-key.entity.js';
export { ProviderKeysService, type ProviderSecret } from './domain/provider-keys.service.js';
export { VendorIds } from './domain/vendor-ids.js';
export { MODEL_NAME, MODEL_PATTERN } from './domain/wire-names.js';
export { ProjectsModule } from './projects.module.js';

import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { repository, SEALED_DEADLINES_MS } from '@app/shared';
import { AdminUsersController } from './api/admin-users.controller.js';
import { ApiKeysController } from './api/api-keys.controller.js';
import { EncryptionController } from './api/encryption.controller.js';
import { ProjectsController } from './api/projects.controller.js';
import { ProviderKeysController } from './api/provider-keys.controller.js';
import { AdminUserChanges } from './domain/admin-user-changes.service.js';
import { AdminKeyRepository } from './domain/admin-key.repository.js';
import { AdminSessions } from './domain/admin-sessions.js';
import { AdminUsersService } from './domain/admin-users.service.js';
import { ApiKeyChanges } from './domain/api-key-changes.service.js';
import { ApiKeyRepository } from './domain/api-key.repository.js';
import { ApiKeysService } from './domain/api-keys.service.js';
import { ClientSecrets } from './domain/client-secrets.js';
import { EncryptionCheck } from './domain/encryption-check.service.js';
import { EncryptionKeyRepository } from './domain/encryption-key.repository.js';
import { KeyHashes } from './domain/key-hashes.js';
import { KeyUse } from './domain/key-use.js';
import { ProjectBelongings } from './domain/project-belongings.js';
import { ProjectChanges } from './domain/project-changes.service.js';
import { ProjectSweep } from './domain/project-sweep.js';
import { ProjectRepository } from './domain/project.repository.js';
import { ProjectsService } from './domain/projects.service.js';
import { ProviderKeyChanges } from './domain/provider-key-changes.service.js';
import { ProviderKeyRepository } from './domain/provider-key.repository.js';
import { ProviderKeysService } from './domain/provider-keys.service.js';
import { ReencryptionService } from './domain/reencryption.service.js';
import { Resealing } from './domain/resealing.js';
import { AdminKeySqlRepository } from './infrastructure/admin-key.sql.repository.js';
import { ApiKeySqlRepository } from './infrastructure/api-key.sql.repository.js';
import { EncryptionKeySqlRepository } from './infrastructure/encryption-key.sql.repository.js';
import { ProjectSqlRepository } from './infrastructure/project.sql.repository.js';
import { ProviderKeySqlRepository } from './infrastructure/provider-key.sql.repository.js';

export const projectRepository = repository(ProjectRepository, {
  sql: ProjectSqlRepository,
  mongo: async () => (await import('./infrastructure/project.mongo.repository.js')).ProjectMongoRepository,
});
export const apiKeyRepository = repository(ApiKeyRepository, {
  sql: ApiKeySqlRepository,
  mongo: async () => (await import('./infrastructure/api-key.mongo.repository.js')).ApiKeyMongoRepository,
});
export const providerKeyRepository = repository(ProviderKeyRepository, {
  sql: ProviderKeySqlRepository,
  deadlinesMs: SEALED_DEADLINES_MS,
  mongo: async () =>
    (await import('./infrastructure/provider-key.mongo.repository.js')).ProviderKeyMongoRepository,
});
export const adminKeyRepository = repository(AdminKeyRepository, {
  sql: AdminKeySqlRepository,
  mongo: async () => (await import('./infrastructure/admin-key.mongo.repository.js')).AdminKeyMongoRepository,
});

export const encryptionKeyRepository = repository(EncryptionKeyRepository, {
  sql: EncryptionKeySqlRepository,
  mongo: async () =>
    (await import('./infrastructure/encryption-key.mongo.repository.js')).EncryptionKeyMongoRepository,
});

const services = [
  ProjectsService,
  ProjectChanges,
  ApiKeysService,
  ApiKeyChanges,
  ClientSecrets,
  KeyUse,
  ProviderKeysService,
  ProviderKeyChanges,
  AdminUsersService,
  AdminUserChanges,
  AdminSessions,
  ProjectSweep,
  EncryptionCheck,
];

@Module({
  imports: [AuditModule],
  controllers: [
    ProjectsController,
    ApiKeysController,
    ProviderKeysController,
    AdminUsersController,
    EncryptionController,
  ],
  providers: [
    ...services,
    KeyHashes,
    ProjectBelongings,
    ReencryptionService,
    Resealing,
    projectRepository,
    apiKeyRepository,
    providerKeyRepository,
    adminKeyRepository,
    encryptionKeyRepository,
  ],
  exports: services,
})
export class ProjectsModule {}

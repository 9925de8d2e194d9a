import { AuditTrail } from '@app/audit';
import {
  AdminSessions,
  AdminUserChanges,
  AdminUsersService,
  ApiKeyChanges,
  ApiKeysService,
  ClientSecrets,
  ProjectChanges,
  ProjectsService,
  ProviderKeyChanges,
  ProviderKeysService,
} from '@app/projects';
import { type Author, readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { auditRepository } from '../../libs/audit/src/audit.module.js';
import {
  adminKeyRepository,
  apiKeyRepository,
  projectRepository,
  providerKeyRepository,
} from '../../libs/projects/src/projects.module.js';
import { openInMemory } from './databases.js';
import { StatementCounter } from './statement-counter.js';
import { TestClock } from './test-clock.js';

/** Whoever changes something in a spec. */
export const BY: Author = {
  id: 'tester',
  name: 'Tester',
  role: 'owner',
  key: 'ak_1f0c…9a2e',
  address: '192.0.2.7',
  requestId: '01936f5a-7c1e-7a1b-8f00-0123456789ab',
  at: Date.UTC(2026, 10, 24),
};

/** The services of projects and keys on a store of their own. */
export interface TestProjects {
  readonly clock: TestClock;
  /** Close it to see what happens when the store is gone. */
  readonly database: SqlDatabase;
  readonly statements: StatementCounter;
  readonly secrets: Secrets;
  readonly audit: AuditTrail;
  readonly projects: ProjectsService;
  readonly projectChanges: ProjectChanges;
  readonly apiKeys: ApiKeysService;
  readonly apiKeyChanges: ApiKeyChanges;
  readonly clientSecrets: ClientSecrets;
  readonly providerKeys: ProviderKeysService;
  readonly providerKeyChanges: ProviderKeyChanges;
  readonly adminUsers: AdminUsersService;
  readonly adminSessions: AdminSessions;
  readonly adminUserChanges: AdminUserChanges;
}

export async function openProjects(env: Record<string, string> = {}): Promise<TestProjects> {
  const clock = new TestClock();
  const statements = new StatementCounter();
  const database = statements.watch(openInMemory());
  const secrets = new Secrets([new RingKey(Buffer.alloc(32, 1))]);
  const config = readConfig(env);
  const audit = new AuditTrail(await auditRepository.useFactory(database));
  const projects = await projectRepository.useFactory(database);
  const keys = await apiKeyRepository.useFactory(database);
  const vendorKeys = await providerKeyRepository.useFactory(database);
  const users = await adminKeyRepository.useFactory(database);
  const apiKeys = new ApiKeysService(keys, projects, secrets, clock);
  const apiKeyChanges = new ApiKeyChanges(keys, apiKeys, secrets, audit);
  const providerKeys = new ProviderKeysService(vendorKeys, projects, secrets, clock);
  const adminUsers = new AdminUsersService(users, secrets, clock, config);
  return {
    clock,
    database,
    statements,
    secrets,
    audit,
    projects: new ProjectsService(projects),
    projectChanges: new ProjectChanges(projects, apiKeyChanges, audit, config),
    apiKeys,
    apiKeyChanges,
    clientSecrets: new ClientSecrets(secrets, clock),
    providerKeys,
    providerKeyChanges: new ProviderKeyChanges(vendorKeys, providerKeys, secrets, audit),
    adminUsers,
    adminSessions: new AdminSessions(secrets, clock, audit, adminUsers),
    adminUserChanges: new AdminUserChanges(users, adminUsers, secrets, audit),
  };
}

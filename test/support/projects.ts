import { AdminKeysService, ApiKeysService, ProjectsService, ProviderKeysService } from '@app/projects';
import { readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import {
  adminKeyRepository,
  apiKeyRepository,
  projectRepository,
  providerKeyRepository,
} from '../../libs/projects/src/projects.module.js';
import { openInMemory } from './databases.js';
import { StatementCounter } from './statement-counter.js';
import { TestClock } from './test-clock.js';

/** The services of projects and keys on a store of their own. */
export interface TestProjects {
  readonly clock: TestClock;
  /** Close it to see what happens when the store is gone. */
  readonly database: SqlDatabase;
  readonly statements: StatementCounter;
  readonly secrets: Secrets;
  readonly projects: ProjectsService;
  readonly apiKeys: ApiKeysService;
  readonly providerKeys: ProviderKeysService;
  readonly adminKeys: AdminKeysService;
}

export async function openProjects(env: Record<string, string> = {}): Promise<TestProjects> {
  const clock = new TestClock();
  const statements = new StatementCounter();
  const database = statements.watch(openInMemory());
  const secrets = new Secrets([new RingKey(Buffer.alloc(32, 1))]);
  const stored = await projectRepository.useFactory(database);
  const apiKeys = new ApiKeysService(await apiKeyRepository.useFactory(database), stored, secrets, clock);
  return {
    clock,
    database,
    statements,
    secrets,
    apiKeys,
    projects: new ProjectsService(stored, apiKeys, clock),
    providerKeys: new ProviderKeysService(
      await providerKeyRepository.useFactory(database),
      stored,
      secrets,
      clock,
    ),
    adminKeys: new AdminKeysService(
      await adminKeyRepository.useFactory(database),
      secrets,
      clock,
      readConfig(env),
    ),
  };
}

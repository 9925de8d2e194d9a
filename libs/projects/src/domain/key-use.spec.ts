import { openProjects, BY, type TestProjects } from '../../../../test/support/projects.js';
import { apiKeyRepository } from '../projects.module.js';
import { KeyUse } from './key-use.js';

describe('KeyUse', () => {
  let test: TestProjects;
  let use: KeyUse;
  let projectId: string;
  let keyId: string;

  beforeEach(async () => {
    test = await openProjects();
    use = new KeyUse(await apiKeyRepository.useFactory(test.database), test.clock);
    ({ id: projectId } = await test.projectChanges.create(BY, { name: 'demo' }));
    ({ id: keyId } = await test.apiKeyChanges.issue(BY, projectId, { name: 'key' }));
  });

  afterEach(async () => {
    await test.database.close();
  });

  const lastUsed = async (): Promise<string | null> => (await test.apiKeys.get(projectId, keyId)).lastUsedAt;

  it('writes a use once a minute, and nothing while it is noted', async () => {
    const noting = async (): Promise<void> => {
      use.note(keyId);
      use.note(keyId);
    };
    await expect(test.statements.during(noting)).resolves.toBe(0);
    await expect(test.statements.during(() => use.flush())).resolves.toBe(1);
    await expect(lastUsed()).resolves.toBe('2026-11-24T00:00:00.000Z');

    test.clock.advance(59_999);
    use.note(keyId);
    await expect(test.statements.during(() => use.flush())).resolves.toBe(0);
    test.clock.advance(1);
    use.note(keyId);
    await use.beforeApplicationShutdown();
    await expect(lastUsed()).resolves.toBe('2026-11-24T00:01:00.000Z');
  });

  it('does not mind a store that is gone', async () => {
    use.note(keyId);
    await test.database.close();

    await expect(use.flush()).resolves.toBeUndefined();
  });
});

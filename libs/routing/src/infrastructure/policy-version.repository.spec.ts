import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { aPolicyRecord } from '../../../../test/support/policies.js';
import type { PolicyVersionRepository } from '../domain/policies/policy-version.repository.js';
import { policyVersionRepository } from '../policy-storage.module.js';

describe.each(await databases())('PolicyVersionRepository on %s', (_, open) => {
  let database: Database;
  let versions: PolicyVersionRepository;

  beforeEach(async () => {
    database = await open();
    versions = await policyVersionRepository.useFactory(database);
  });

  afterEach(() => database.close());

  async function keepThree(id: string, projectId = 'project'): Promise<void> {
    for (const version of [1, 2, 3]) {
      await versions.keep(aPolicyRecord({ id, projectId, version, updatedAt: version }));
    }
  }

  async function listed(before: number, limit: number): Promise<number[]> {
    return (await versions.listBefore('a', before, limit)).map(({ version }) => version);
  }

  it('keeps a version once, as it was', async () => {
    const version = aPolicyRecord({ version: 7, updatedAt: 7 });
    await Promise.all([versions.keep(version), versions.keep(version), versions.keep(version)]);
    await versions.keep({ ...version, definition: '{}' });

    await expect(versions.find(version.id, 7)).resolves.toEqual(version);
    await expect(versions.find(version.id, 8)).resolves.toBeNull();
    await expect(versions.listBefore(version.id, 100, 10)).resolves.toEqual([version]);
  });

  it('lists those before one, newest first', async () => {
    await keepThree('a');
    await keepThree('b');

    await expect(listed(4, 10)).resolves.toEqual([3, 2, 1]);
    await expect(listed(4, 2)).resolves.toEqual([3, 2]);
    await expect(listed(2, 2)).resolves.toEqual([1]);
    await expect(listed(2 ** 31 - 1, 1)).resolves.toEqual([3]);
    await expect(listed(1, 2)).resolves.toEqual([]);
  });

  it('finds the last of a name, in its project', async () => {
    await keepThree('a');
    await versions.keep(aPolicyRecord({ id: 'a', version: 9, name: 'Fast' }));
    await versions.keep(aPolicyRecord({ id: 'b', version: 9, projectId: 'other' }));

    await expect(versions.findLast('project', 'fast')).resolves.toMatchObject({ id: 'a', version: 3 });
    await expect(versions.findLast('project', 'Fast')).resolves.toMatchObject({ id: 'a', version: 9 });
    await expect(versions.findLast('other', 'fast')).resolves.toMatchObject({ id: 'b' });
    await expect(versions.findLast('nobody', 'fast')).resolves.toBeNull();
  });

  it('deletes those of a project', async () => {
    await keepThree('b');
    await keepThree('c', 'other');

    await versions.deleteOf('project');
    await expect(versions.find('b', 1)).resolves.toBeNull();
    await expect(versions.find('c', 3)).resolves.toMatchObject({ id: 'c' });
  });
});

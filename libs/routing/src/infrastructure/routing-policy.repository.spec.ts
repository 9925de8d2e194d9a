import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { aPolicyRecord } from '../../../../test/support/policies.js';
import type { RoutingPolicyRepository } from '../domain/policies/routing-policy.repository.js';
import { routingPolicyRepository } from '../policy-storage.module.js';

describe.each(await databases())('RoutingPolicyRepository on %s', (_, open) => {
  let database: Database;
  let policies: RoutingPolicyRepository;

  beforeEach(async () => {
    database = await open();
    policies = await routingPolicyRepository.useFactory(database);
  });

  afterEach(() => database.close());

  it('gives back exactly what was stored, to its project', async () => {
    const policy = aPolicyRecord({ authorName: 'Füße & 🦶', definition: `{"x": "${'ü'.repeat(20_000)}"}` });

    await expect(policies.insert(policy)).resolves.toBe(true);
    await expect(policies.findById('project', policy.id)).resolves.toEqual(policy);
    await expect(policies.findAll('project')).resolves.toEqual([policy]);
    await expect(policies.findById('other', policy.id)).resolves.toBeNull();
    await expect(policies.findById('project', randomUUID())).resolves.toBeNull();
  });

  it('has one of a name in each project, whoever comes at the same time', async () => {
    const same = Array.from({ length: 10 }, () => policies.insert(aPolicyRecord()));
    const taken = await Promise.all(same);

    expect(taken.filter(Boolean)).toHaveLength(1);
    await expect(policies.insert(aPolicyRecord({ name: 'Fast' }))).resolves.toBe(true);
    await expect(policies.insert(aPolicyRecord({ projectId: 'other' }))).resolves.toBe(true);
    await expect(policies.count('project')).resolves.toBe(2);
  });

  it('takes the id of one that was deleted, and of one that is there for none', async () => {
    const policy = aPolicyRecord();
    await policies.insert(policy);
    const again = { ...policy, version: 2 };

    const taken = await Promise.all(
      [again, again, { ...again, name: 'other' }].map(one => policies.insert(one)),
    );
    expect(taken).toEqual([false, false, false]);
    await policies.delete(policy);
    await expect(policies.insert(again)).resolves.toBe(true);
  });

  it('lists by id, behind the given one', async () => {
    for (const id of ['b', 'd', 'a', 'c']) {
      await policies.insert(aPolicyRecord({ id, name: id }));
    }
    await policies.insert(aPolicyRecord({ id: 'x', projectId: 'other' }));
    const ids = async (...page: [number, string?]): Promise<string[]> =>
      (await policies.list('project', ...page)).map(({ id }) => id);

    await expect(ids(10)).resolves.toEqual(['a', 'b', 'c', 'd']);
    await expect(ids(2)).resolves.toEqual(['a', 'b']);
    await expect(ids(2, 'b')).resolves.toEqual(['c', 'd']);
    await expect(ids(2, 'd')).resolves.toEqual([]);
  });

  it('lets one of those who saw a version put the next in its place', async () => {
    const policy = aPolicyRecord();
    await policies.insert(policy);
    const next = Array.from({ length: 10 }, (_member, index) => ({
      ...policy,
      version: 2,
      definition: `{"n": ${index}}`,
      authorId: `author ${index}`,
      authorName: 'Somebody',
      updatedAt: policy.updatedAt + index,
    }));

    const replaced = await Promise.all(next.map(version => policies.replace(version)));

    expect(replaced.filter(Boolean)).toHaveLength(1);
    await expect(policies.findById('project', policy.id)).resolves.toEqual(next[replaced.indexOf(true)]);
    await expect(policies.replace(aPolicyRecord({ version: 2 }))).resolves.toBe(false);
  });

  it('deletes the version that is there only', async () => {
    const policy = aPolicyRecord();
    await policies.insert(policy);
    await policies.replace({ ...policy, version: 2 });

    await expect(policies.delete(policy)).resolves.toBe(false);
    await expect(policies.delete({ ...policy, version: 2 })).resolves.toBe(true);
    await expect(policies.delete({ ...policy, version: 2 })).resolves.toBe(false);
    await expect(policies.replace({ ...policy, version: 3 })).resolves.toBe(false);
    await expect(policies.insert(aPolicyRecord())).resolves.toBe(true);
  });

  it('deletes those of one project', async () => {
    await policies.insert(aPolicyRecord());
    await policies.insert(aPolicyRecord({ projectId: 'other' }));

    await policies.deleteOf('project');

    await expect(policies.count('project')).resolves.toBe(0);
    await expect(policies.count('other')).resolves.toBe(1);
  });
});

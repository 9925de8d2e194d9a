import { catalog, ModelBook, ProviderRegistry } from '@app/providers';
import { type Author, NotFoundError, readConfig, StaleVersionError } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../../test/support/projects.js';
import { policyVersionRepository, routingPolicyRepository } from '../../policy-storage.module.js';
import { ModelRouter } from '../model-router.js';
import { KeptPolicies } from './kept-policies.js';
import { PolicyBook } from './policy-book.js';
import { PolicyCheck } from './policy-check.js';
import { PolicySoundness } from './policy-soundness.js';
import { RoutingPoliciesService } from './routing-policies.service.js';
import { RoutingPolicyChanges } from './routing-policy-changes.service.js';
import type { RoutingPolicy } from './routing-policy.entity.js';

const TARGETS = [{ model: 'openai/gpt-5' }, { model: 'anthropic/claude-sonnet-4-5' }];
const OTHER: Author = { ...BY, id: 'other', name: 'Other', at: BY.at + 1000 };

describe('RoutingPolicyChanges', () => {
  let test: TestProjects;
  let book: PolicyBook;
  let kept: KeptPolicies;
  let policies: RoutingPoliciesService;
  let changes: RoutingPolicyChanges;
  let projectId: string;

  beforeEach(async () => {
    test = await openProjects();
    const config = readConfig({});
    const current = await routingPolicyRepository.useFactory(test.database);
    book = new PolicyBook(current, test.clock);
    kept = new KeptPolicies(current, await policyVersionRepository.useFactory(test.database), book);
    policies = new RoutingPoliciesService(kept, test.projects);
    const router = new ModelRouter(new ProviderRegistry(catalog, config), new ModelBook(config));
    changes = new RoutingPolicyChanges(
      kept,
      policies,
      new PolicySoundness(test.projects, new PolicyCheck(router)),
      test.audit,
    );
    ({ id: projectId } = await test.projectChanges.create(BY, { name: 'demo' }));
  });

  afterEach(() => test.database.close());

  const create = (name = 'fast'): Promise<RoutingPolicy> =>
    changes.create(BY, projectId, { name, targets: TARGETS });
  const update = (id: string, maxAttempts: number, by = OTHER): Promise<RoutingPolicy> =>
    changes.update(by, projectId, id, { maxAttempts });
  const versionsOf = async (id: string): Promise<[number, number, string][]> => {
    const { data } = await policies.versions(projectId, id, { limit: 100 });
    return data.map(({ version, maxAttempts, authorName }) => [version, maxAttempts, authorName]);
  };

  it('makes a policy with the defaults of what is left out, which calls find at once', async () => {
    expect((await book.get(projectId)).size).toBe(0);
    const created = await create();

    expect(created).toEqual({
      id: expect.any(String),
      projectId,
      name: 'fast',
      strategy: 'priority',
      targets: TARGETS.map(target => ({ ...target, weight: 1 })),
      rules: [],
      weights: { price: 1, latency: 1, throughput: 1, load: 1 },
      fallbacks: { contextWindow: [], contentPolicy: [] },
      maxAttempts: 3,
      timeouts: { totalMs: null, attemptMs: null, firstTokenMs: null, idleMs: null },
      hedge: false,
      midStreamFailover: false,
      createdAt: '2026-11-24T00:00:00.000Z',
      updatedAt: '2026-11-24T00:00:00.000Z',
      authorId: 'tester',
      authorName: 'Tester',
      version: 1,
    });
    await expect(policies.get(projectId, created.id)).resolves.toEqual(created);
    expect((await book.get(projectId)).get('fast')).toEqual(created);
  });

  it('keeps every version with its author, and goes back to any of them as a new one', async () => {
    const { id, createdAt } = await create();
    await update(id, 4);
    await changes.update(BY, projectId, id, { maxAttempts: 5, hedge: true });
    const restored = await changes.restore(OTHER, projectId, id, 1);

    expect(restored).toMatchObject({
      version: 4,
      maxAttempts: 3,
      hedge: false,
      createdAt,
      authorId: 'other',
    });
    expect(restored.updatedAt).toBe('2026-11-24T00:00:01.000Z');
    expect(await versionsOf(id)).toEqual([
      [4, 3, 'Other'],
      [3, 5, 'Tester'],
      [2, 4, 'Other'],
      [1, 3, 'Tester'],
    ]);
    const page = await policies.versions(projectId, id, { limit: 2 });
    expect(page.next).toBe('3');
    const rest = await policies.versions(projectId, id, { limit: 2, after: '3' });
    expect([rest.data.map(({ version }) => version), rest.next]).toEqual([[2, 1], null]);
    await expect(changes.restore(BY, projectId, id, 9)).rejects.toThrow(NotFoundError);
    await expect(policies.versions(projectId, id, { limit: 2, after: 'x' })).rejects.toMatchObject({
      param: 'after',
    });
  });

  it('changes what is given, also within an object, and leaves the rest', async () => {
    const { id } = await create();
    await changes.update(BY, projectId, id, { timeouts: { totalMs: 9000 } });

    await expect(changes.update(BY, projectId, id, { timeouts: { idleMs: 500 } })).resolves.toMatchObject({
      timeouts: { totalMs: 9000, attemptMs: null, firstTokenMs: null, idleMs: 500 },
      targets: TARGETS,
      version: 3,
    });
  });

  it('makes no version of what changes nothing', async () => {
    const { id } = await create();

    await expect(update(id, 3)).resolves.toMatchObject({ version: 1, authorName: 'Tester' });
    await expect(changes.restore(OTHER, projectId, id, 1)).resolves.toMatchObject({ version: 1 });
    const same = [{ weight: 1, model: 'openai/gpt-5' }, TARGETS[1] as { model: string }];
    await expect(changes.update(OTHER, projectId, id, { targets: same })).resolves.toMatchObject({
      version: 1,
    });
    const { data } = await test.audit.list({ target: id }, { limit: 10 });
    expect(data.map(({ action }) => action)).toEqual(['routing-policy.create']);
  });

  it('loses no change of writers who come at the same time, and none of those who saw an older version is made', async () => {
    const { id } = await create();
    await Promise.all([4, 5, 6, 7, 8].map(attempts => update(id, attempts)));

    expect((await versionsOf(id)).map(([version]) => version)).toEqual([6, 5, 4, 3, 2, 1]);
    expect((await versionsOf(id)).map(([, attempts]) => attempts).toSorted()).toEqual([3, 4, 5, 6, 7, 8]);
    const seen = { ...OTHER, seen: ['"6"'] };
    const outcomes = await Promise.allSettled([
      update(id, 1, seen),
      update(id, 2, seen),
      update(id, 9, seen),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(changes.delete({ ...BY, seen: ['"6"'] }, projectId, id)).rejects.toThrow(StaleVersionError);
  });

  it('has one policy of a name in a project, and no more than a thousand', async () => {
    const { id } = await create();
    await expect(create()).rejects.toMatchObject({ status: 409, code: 'policy_name_taken' });
    await changes.delete(BY, projectId, id);
    const policy = await create();
    for (let count = 1; count < 1000; count += 1) {
      await kept.insert({ ...policy, id: String(count), name: String(count) });
    }

    await expect(create('one more')).rejects.toMatchObject({ status: 409, code: 'too_many_policies' });
  });

  it('takes nothing that the project may not use, also when it comes back', async () => {
    const { id } = await create();
    await changes.update(BY, projectId, id, { targets: TARGETS.slice(0, 1) });
    await test.projectChanges.update(BY, projectId, { allowedVendors: ['openai'] });

    await expect(changes.restore(BY, projectId, id, 1)).rejects.toMatchObject({
      status: 400,
      param: 'targets.1.model',
    });
    await expect(create('other')).rejects.toMatchObject({ status: 400, param: 'targets.1.model' });
    await expect(update(id, 9)).resolves.toMatchObject({ version: 3 });
    await expect(changes.create(BY, 'nobody', { name: 'x', targets: TARGETS })).rejects.toThrow(
      NotFoundError,
    );
    await expect(policies.list('nobody', { limit: 1 })).rejects.toThrow(NotFoundError);
  });

  it('takes a change of a policy that its project outgrew together with other targets', async () => {
    const { id } = await create();
    await test.projectChanges.update(BY, projectId, { allowedVendors: ['openai'] });

    await expect(update(id, 9)).rejects.toMatchObject({
      status: 400,
      param: 'targets.1.model',
      message: expect.stringContaining('a PATCH may do so along with what else it changes'),
    });
    const change = { maxAttempts: 9, targets: TARGETS.slice(0, 1) };
    await expect(changes.update(BY, projectId, id, change)).resolves.toMatchObject({ maxAttempts: 9 });
  });

  it('keeps the versions of a policy that is deleted, which can be read, and brought back', async () => {
    const first = await create();
    await update(first.id, 4);
    await changes.delete(BY, projectId, first.id);

    await expect(policies.get(projectId, first.id)).rejects.toThrow(NotFoundError);
    expect((await book.get(projectId)).size).toBe(0);
    expect(await versionsOf(first.id)).toEqual([
      [2, 4, 'Other'],
      [1, 3, 'Tester'],
    ]);
    await expect(changes.restore(BY, projectId, first.id, 3)).rejects.toThrow(NotFoundError);
    await expect(changes.restore({ ...BY, seen: ['"1"'] }, projectId, first.id, 1)).rejects.toThrow(
      StaleVersionError,
    );
    const restored = await changes.restore(OTHER, projectId, first.id, 1);
    expect(restored).toMatchObject({ id: first.id, version: 3, maxAttempts: 3, createdAt: first.createdAt });
    expect((await book.get(projectId)).get('fast')).toEqual(restored);
  });

  it('goes on with the versions of a name, so that one of them is one thing for ever', async () => {
    const first = await create();
    await update(first.id, 4);
    await changes.delete(BY, projectId, first.id);
    const second = await changes.create(OTHER, projectId, { name: 'fast', targets: TARGETS.slice(1) });

    expect(second).toMatchObject({ id: first.id, version: 3, createdAt: '2026-11-24T00:00:01.000Z' });
    expect((await versionsOf(second.id)).map(([version]) => version)).toEqual([3, 2, 1]);
    await expect(changes.restore(BY, projectId, second.id, 2)).resolves.toMatchObject({
      version: 4,
      maxAttempts: 4,
      targets: [{ model: 'openai/gpt-5' }, { model: 'anthropic/claude-sonnet-4-5' }],
    });
    await expect(create()).rejects.toMatchObject({ code: 'policy_name_taken' });
    await expect(create('Fast')).resolves.toMatchObject({
      version: 1,
      id: expect.not.stringMatching(first.id),
    });
  });

  it('lets one of those have the name who take it at the same time', async () => {
    const { id } = await create();
    await changes.delete(BY, projectId, id);
    const again = () => changes.restore(BY, projectId, id, 1);
    const outcomes = await Promise.allSettled([create(), create(), again(), again(), create()]);

    const made = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(made.filter(({ version }) => version === 2)).toHaveLength(1);
    expect(new Set((await versionsOf(id)).map(([version]) => version)).size).toBe(
      (await versionsOf(id)).length,
    );
  });

  it('takes no version twice, also when that one came and went meanwhile', async () => {
    const policy = await create();
    await changes.delete(BY, projectId, policy.id);

    await expect(kept.insert(policy)).resolves.toBe(false);
    await expect(policies.get(projectId, policy.id)).rejects.toThrow(NotFoundError);
    await expect(kept.insert({ ...policy, version: 2 })).resolves.toBe(true);
  });

  it('shows what is gone to its own project only, and forgets it with the project', async () => {
    const { id } = await create();
    await changes.delete(BY, projectId, id);
    const other = await test.projectChanges.create(BY, { name: 'other' });

    await expect(policies.versions(other.id, id, { limit: 9 })).rejects.toThrow(NotFoundError);
    await expect(changes.restore(BY, other.id, id, 1)).rejects.toThrow(NotFoundError);
    await expect(changes.create(BY, other.id, { name: 'fast', targets: TARGETS })).resolves.toMatchObject({
      version: 1,
    });
    await kept.deleteOf(projectId);
    await expect(policies.versions(projectId, id, { limit: 9 })).rejects.toThrow(NotFoundError);
    expect((await book.get(projectId)).size).toBe(0);
  });

  it('makes and changes nothing in a project that is deleted, until it is restored', async () => {
    const { id } = await create();
    const gone = await create('gone');
    await changes.delete(BY, projectId, gone.id);
    await test.projectChanges.delete(BY, projectId);

    for (const change of [
      () => create('new'),
      () => update(id, 4),
      () => changes.restore(BY, projectId, gone.id, 1),
    ]) {
      await expect(change()).rejects.toMatchObject({ status: 409, code: 'project_deleted' });
    }
    await test.projectChanges.restore(BY, projectId);
    await expect(update(id, 4)).resolves.toMatchObject({ version: 2 });
  });

  it('tells the audit trail what was decided before and after', async () => {
    const { id } = await create();
    await update(id, 4);
    await changes.restore(BY, projectId, id, 1);
    await changes.delete(BY, projectId, id);

    const { data } = await test.audit.list({ target: id }, { limit: 10 });
    expect(data.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['routing-policy.delete', expect.objectContaining({ name: 'fast', maxAttempts: 3 }), null],
      ['routing-policy.restore', { maxAttempts: 4 }, { maxAttempts: 3 }],
      ['routing-policy.update', { maxAttempts: 3 }, { maxAttempts: 4 }],
      ['routing-policy.create', null, expect.objectContaining({ name: 'fast', strategy: 'priority' })],
    ]);
  });
});

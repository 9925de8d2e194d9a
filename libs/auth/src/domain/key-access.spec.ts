import { StoreUnavailableError } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';
import { InvalidApiKeyError, ProjectSuspendedError } from './auth.errors.js';
import { KeyAccess } from './key-access.js';

describe('KeyAccess', () => {
  let test: TestProjects;
  let keys: KeyAccess;
  let projectId: string;
  let apiKey: string;

  beforeEach(async () => {
    test = await openProjects();
    keys = new KeyAccess(test.apiKeys, test.clock);
    ({ id: projectId, apiKey } = await test.projectChanges.create(BY, { name: 'demo' }));
  });

  afterEach(async () => {
    await test.database.close();
  });

  it('finds the project and the key behind a presented key', async () => {
    const { data } = await test.apiKeys.list(projectId, { limit: 1 });

    await expect(keys.resolve(apiKey)).resolves.toMatchObject({
      project: { id: projectId, name: 'demo' },
      apiKey: { id: data[0]?.id, projectId },
    });
  });

  it('peeks at keys that were resolved within the last second, and only at those', async () => {
    expect(keys.peek(apiKey)).toBeUndefined();
    const caller = await keys.resolve(apiKey);

    expect(keys.peek(apiKey)).toBe(caller);
    test.clock.advance(499);
    expect(keys.peek(apiKey)).toBe(caller);
    test.clock.advance(501);
    expect(keys.peek(apiKey)).toBeUndefined();
  });

  const askThrice = (): Promise<unknown> => Promise.all([1, 2, 3].map(() => keys.resolve(apiKey)));

  it('asks the store once per second and key, however many ask', async () => {
    await expect(test.statements.during(askThrice)).resolves.toBe(2); // the key, its project
    await expect(test.statements.during(askThrice)).resolves.toBe(0);
    test.clock.advance(1000);
    await expect(test.statements.during(askThrice)).resolves.toBe(2);
  });

  it('refuses a revoked key within a second', async () => {
    const { apiKey: revoked } = await keys.resolve(apiKey);
    await test.apiKeyChanges.revoke(BY, projectId, revoked.id);
    test.clock.advance(1000);

    expect(keys.peek(apiKey)).toBeUndefined();
    await expect(keys.resolve(apiKey)).rejects.toThrow(InvalidApiKeyError);
  });

  it('refuses an expired key at once, also one that it remembers', async () => {
    const { key } = await test.apiKeyChanges.issue(BY, projectId, {
      name: 'x',
      expiresAt: '2026-11-24T00:00:00.500Z',
    });
    await keys.resolve(key);
    test.clock.advance(499);
    expect(keys.peek(key)).toBeDefined();
    test.clock.advance(1);

    expect(keys.peek(key)).toBeUndefined();
    await expect(keys.resolve(key)).rejects.toThrow(InvalidApiKeyError);
  });

  it('refuses the keys of a suspended project within a second, until it is activated', async () => {
    await keys.resolve(apiKey);
    await test.projectChanges.suspend(BY, projectId);
    test.clock.advance(1000);

    await expect(keys.resolve(apiKey)).rejects.toThrow(ProjectSuspendedError);
    expect(keys.peek(apiKey)).toBeUndefined();

    await test.projectChanges.activate(BY, projectId);
    test.clock.advance(1000);
    await expect(keys.resolve(apiKey)).resolves.toMatchObject({ project: { status: 'active' } });
  });

  it('bothers the store with nothing that cannot be a key', async () => {
    const odd = [
      '',
      'pk_',
      'sk-live',
      apiKey.slice(0, -1),
      `${apiKey}0`,
      apiKey.toUpperCase(),
      `${apiKey}\n`,
    ];

    for (const presented of odd) {
      await expect(
        test.statements.during(() => expect(keys.resolve(presented)).rejects.toThrow(InvalidApiKeyError)),
      ).resolves.toBe(0);
      expect(keys.peek(presented)).toBeUndefined();
    }
  });

  it('remembers an unknown key for a second', async () => {
    const unknown = unknownKey(0);
    const ask = (): Promise<void> => expect(keys.resolve(unknown)).rejects.toThrow(InvalidApiKeyError);

    await expect(test.statements.during(ask)).resolves.toBe(1);
    await expect(test.statements.during(ask)).resolves.toBe(0);
    test.clock.advance(1000);
    await expect(test.statements.during(ask)).resolves.toBe(1);
  });

  it('is not moved by a flood of unknown keys: a key that works stays known', async () => {
    await keys.resolve(apiKey);
    for (let i = 0; i < 10_050; i += 1) {
      await keys.resolve(unknownKey(i)).catch(() => undefined);
    }

    expect(keys.peek(apiKey)).toBeDefined();
    await test.database.close();
    test.clock.advance(1000);
    await expect(keys.resolve(apiKey)).resolves.toMatchObject({ project: { id: projectId } });
  });

  describe('while the store is down', () => {
    it('serves for ten minutes a key that it verified before', async () => {
      await keys.resolve(apiKey);
      await test.database.close();
      test.clock.advance(599_999);

      await expect(keys.resolve(apiKey)).resolves.toMatchObject({ project: { id: projectId } });
      expect(keys.peek(apiKey)).toBeDefined();
      test.clock.advance(1);
      expect(keys.peek(apiKey)).toBeUndefined();
      await expect(keys.resolve(apiKey)).rejects.toThrow(StoreUnavailableError);
    });

    it('answers 503 for keys that it has not seen, and for those it did not find', async () => {
      const unknown = unknownKey(0);
      await keys.resolve(unknown).catch(() => undefined);
      await test.database.close();
      test.clock.advance(1000);

      await expect(keys.resolve(apiKey)).rejects.toMatchObject({ status: 503, retryAfterMs: 1000 });
      await expect(keys.resolve(unknown)).rejects.toMatchObject({ status: 503 });
    });

    it('goes on refusing keys that it knows to be revoked or suspended', async () => {
      const { key, id } = await test.apiKeyChanges.issue(BY, projectId, { name: 'x' });
      await test.apiKeyChanges.revoke(BY, projectId, id);
      await test.projectChanges.suspend(BY, projectId);
      await keys.resolve(key).catch(() => undefined);
      await keys.resolve(apiKey).catch(() => undefined);
      await test.database.close();
      test.clock.advance(1000);

      await expect(keys.resolve(key)).rejects.toThrow(InvalidApiKeyError);
      await expect(keys.resolve(apiKey)).rejects.toThrow(ProjectSuspendedError);
    });
  });
});

function unknownKey(n: number): string {
  return `pk_${n.toString(16).padStart(48, '0')}`;
}

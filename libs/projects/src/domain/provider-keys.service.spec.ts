import { setTimeout } from 'node:timers/promises';
import { NotFoundError, StoreUnavailableError } from '@app/shared';
import { sql } from 'kysely';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';

const SECRET = 'sk-live-abcdefghijklmnop-9a2e';

describe('ProviderKeysService', () => {
  let test: TestProjects;
  let projectId: string;

  beforeEach(async () => {
    test = await openProjects();
    ({ id: projectId } = await test.projectChanges.create(BY, { name: 'demo' }));
  });

  afterEach(async () => {
    await test.database.close();
  });

  it('takes a secret in and shows its end only', async () => {
    const created = await create('openai', SECRET);

    expect(created).toEqual({
      id: expect.any(String),
      projectId,
      provider: 'openai',
      name: 'a key',
      masked: '…9a2e',
      isDefault: true,
      weight: 0,
      status: 'active',
      createdAt: '2026-11-24T00:00:00.000Z',
      version: 1,
    });
    await expect(test.providerKeys.list(projectId, { limit: 10 })).resolves.toEqual({
      data: [created],
      next: null,
    });
    await expect(create('openai', 'short-secret')).resolves.toMatchObject({ masked: '…' });
  });

  it('takes none for a project that is deleted, until it is restored', async () => {
    await test.projectChanges.delete(BY, projectId);

    await expect(create('openai', SECRET)).rejects.toMatchObject({ status: 409, code: 'project_deleted' });
    expect((await test.providerKeys.list(projectId, { limit: 10 })).data).toEqual([]);
    await test.projectChanges.restore(BY, projectId);
    await expect(create('openai', SECRET)).resolves.toMatchObject({ provider: 'openai' });
  });

  it('stores the secret encrypted', async () => {
    await create('openai', SECRET);
    const { rows } = await sql<object>`select * from provider_keys`.execute(test.database.sql);

    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(SECRET.slice(3, -4));
  });

  it('opens the key of that vendor and project only', async () => {
    const openai = await create('openai', SECRET);
    const google = await create('google', 'AIza-other');
    const other = await test.projectChanges.create(BY, { name: 'other' });

    await expect(test.providerKeys.secretOf(projectId, 'openai')).resolves.toBe(SECRET);
    await expect(test.providerKeys.secretOf(projectId, 'google')).resolves.toBe('AIza-other');
    await expect(test.providerKeys.secretOf(projectId, 'anthropic')).resolves.toBeNull();
    await expect(test.providerKeys.secretOf(other.id, 'openai')).resolves.toBeNull();
    await expect(test.providerKeys.secretById(projectId, google.id)).resolves.toEqual({
      provider: 'google',
      secret: 'AIza-other',
    });
    await expect(test.providerKeys.secretById(other.id, openai.id)).resolves.toBeNull();
  });

  it('uses the default key of a vendor, at once, and the latest active one without it', async () => {
    const first = await create('openai', 'first');
    const second = await create('openai', 'second');
    const secret = (): Promise<string | null> => test.providerKeys.secretOf(projectId, 'openai');
    expect([first.isDefault, second.isDefault]).toEqual([true, false]);
    await expect(secret()).resolves.toBe('first');

    await test.providerKeyChanges.update(BY, projectId, second.id, { isDefault: true });
    await expect(secret()).resolves.toBe('second');
    await expect(test.providerKeys.get(projectId, first.id)).resolves.toMatchObject({ isDefault: false });
    await test.providerKeyChanges.deactivate(BY, projectId, second.id);
    await expect(secret()).resolves.toBe('first');
    await expect(test.providerKeys.secretById(projectId, second.id)).resolves.toBeNull();
    await test.providerKeyChanges.deactivate(BY, projectId, first.id);
    await expect(secret()).resolves.toBeNull();
    await test.providerKeyChanges.activate(BY, projectId, second.id);
    await expect(secret()).resolves.toBe('second');
    await test.providerKeyChanges.delete(BY, projectId, second.id);
    await expect(secret()).resolves.toBeNull();
  });

  it('makes a new key the default when told so, and never has two of them', async () => {
    await create('openai', 'first');
    await create('google', 'other vendor');
    await test.providerKeyChanges.create(BY, projectId, {
      provider: 'openai',
      name: 'second',
      apiKey: 'second',
      isDefault: true,
    });

    const { data } = await test.providerKeys.list(projectId, { limit: 10 });
    expect(data.filter(key => key.isDefault).map(key => [key.provider, key.name])).toEqual(
      expect.arrayContaining([
        ['openai', 'second'],
        ['google', 'a key'],
      ]),
    );
    expect(data.filter(key => key.isDefault)).toHaveLength(2);
  });

  it('asks the store once a second, also for a project that has none', async () => {
    const ask = async (): Promise<void> => {
      for (const vendor of ['openai', 'google', 'openai']) {
        await test.providerKeys.secretOf(projectId, vendor);
      }
    };

    await expect(test.statements.during(ask)).resolves.toBe(1);
    await expect(test.statements.during(ask)).resolves.toBe(0);
    test.clock.advance(1000);
    await expect(test.statements.during(ask)).resolves.toBe(1);
  });

  it('sees within a second what another gateway changed', async () => {
    await create('openai', SECRET);
    await test.providerKeys.secretOf(projectId, 'openai');
    await sql`delete from provider_keys`.execute(test.database.sql);
    test.clock.advance(1000);

    await expect(test.providerKeys.secretOf(projectId, 'openai')).resolves.toBeNull();
  });

  it('goes on for ten minutes with what it knew when the store is gone', async () => {
    const keyless = await test.projectChanges.create(BY, { name: 'keyless' });
    const unseen = await test.projectChanges.create(BY, { name: 'unseen' });
    await create('openai', SECRET);
    await test.providerKeys.secretOf(projectId, 'openai');
    await test.providerKeys.secretOf(keyless.id, 'openai');
    await test.database.close();
    test.clock.advance(599_999);

    await expect(test.providerKeys.secretOf(projectId, 'openai')).resolves.toBe(SECRET);
    await expect(test.providerKeys.secretOf(keyless.id, 'openai')).resolves.toBeNull();
    await expect(test.providerKeys.secretOf(unseen.id, 'openai')).rejects.toThrow(StoreUnavailableError);

    test.clock.advance(1);
    await expect(test.providerKeys.secretOf(projectId, 'openai')).rejects.toThrow(StoreUnavailableError);
  });

  it('shares the calls by weight: what has none stands by, but the default, or else the latest', async () => {
    const shares = async (): Promise<[string, number][]> =>
      (await test.providerKeys.keysOf(projectId, 'openai')).map(({ secret, weight }) => [secret, weight]);
    const first = await create('openai', 'first');
    const second = await create('openai', 'second');
    const third = await create('openai', 'third');
    await create('google', 'other vendor');
    const weigh = (id: string, weight: number): Promise<unknown> =>
      test.providerKeyChanges.update(BY, projectId, id, { weight });

    expect(await shares()).toEqual([
      ['first', 1],
      ['third', 0],
      ['second', 0],
    ]);
    await weigh(second.id, 5);
    expect(await shares()).toEqual([
      ['second', 5],
      ['first', 1],
      ['third', 0],
    ]);
    await weigh(first.id, 7);
    expect(await shares()).toEqual([
      ['first', 7],
      ['second', 5],
      ['third', 0],
    ]);
    await test.providerKeyChanges.deactivate(BY, projectId, first.id);
    expect(await shares()).toEqual([
      ['second', 5],
      ['third', 0],
    ]);
    await weigh(second.id, 0);
    expect(await shares()).toEqual([
      ['third', 1],
      ['second', 0],
    ]);
    await weigh(third.id, 1000);
    await test.providerKeyChanges.activate(BY, projectId, first.id);
    await weigh(first.id, 0);
    expect(await shares()).toEqual([
      ['third', 1000],
      ['first', 1],
      ['second', 0],
    ]);
    await expect(test.providerKeys.secretOf(projectId, 'openai')).resolves.toBe('third');
  });

  it('gives a call the same list until the store is asked again', async () => {
    await create('openai', SECRET);
    expect(test.providerKeys.peekKeysOf(projectId, 'openai')).toBeUndefined();
    const keys = await test.providerKeys.keysOf(projectId, 'openai');

    expect(test.providerKeys.peekKeysOf(projectId, 'openai')).toBe(keys);
    expect(test.providerKeys.peekKeysOf(projectId, 'google')).toEqual([]);
    expect(test.providerKeys.peekSecretOf(projectId, 'openai')).toBe(SECRET);
    expect(test.providerKeys.peekSecretOf(projectId, 'google')).toBeNull();
  });

  it('does without a key that cannot be opened while there are others', async () => {
    const broken = await create('openai', 'broken');
    const { id } = await create('openai', 'good');
    await create('openai', 'latest');
    await test.providerKeyChanges.update(BY, projectId, id, { weight: 1 });
    await sql`update provider_keys set envelope = 'v1.x.y' where id = ${broken.id}`.execute(
      test.database.sql,
    );

    await expect(test.providerKeys.keysOf(projectId, 'openai')).resolves.toMatchObject([
      { id, secret: 'good', weight: 1 },
      { secret: 'latest', weight: 0 },
    ]);
    await expect(test.providerKeys.storedSecret(projectId, broken.id)).rejects.toThrow("'openai'");
  });

  it('does not open an envelope that was moved to another record', async () => {
    const { id } = await create('openai', SECRET);
    await create('google', 'AIza-other');
    await sql`update provider_keys set envelope = (select envelope from provider_keys where id = ${id})`.execute(
      test.database.sql,
    );

    await expect(test.providerKeys.secretOf(projectId, 'openai')).resolves.toBe(SECRET);
    await expect(test.providerKeys.secretOf(projectId, 'google')).rejects.toMatchObject({
      status: 500,
      code: 'provider_key_unreadable',
      message: expect.stringContaining("'google'"),
    });
  });

  it('knows no other project or key', async () => {
    const { id } = await create('openai', SECRET);
    const other = await test.projectChanges.create(BY, { name: 'other' });

    await expect(
      test.providerKeyChanges.create(BY, 'nobody', { provider: 'openai', name: 'x', apiKey: 'y' }),
    ).rejects.toThrow(NotFoundError);
    await expect(test.providerKeys.list('nobody', { limit: 1 })).rejects.toThrow(NotFoundError);
    await expect(test.providerKeyChanges.delete(BY, other.id, id)).rejects.toThrow(NotFoundError);
    await expect(test.providerKeys.secretOf(projectId, 'openai')).resolves.toBe(SECRET);
  });

  /** In a millisecond of its own: ids of the same one say nothing of which is the latest. */
  async function create(provider: string, apiKey: string): ReturnType<typeof test.providerKeyChanges.create> {
    await setTimeout(2);
    return test.providerKeyChanges.create(BY, projectId, { provider, name: 'a key', apiKey });
  }
});

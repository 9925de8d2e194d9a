import { InvalidRequestError, NotFoundError } from '@app/shared';
import { sql } from 'kysely';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';

describe('ApiKeysService', () => {
  let test: TestProjects;
  let projectId: string;

  beforeEach(async () => {
    test = await openProjects();
    ({ id: projectId } = await test.projectChanges.create(BY, { name: 'demo' }));
  });

  afterEach(async () => {
    await test.database.close();
  });

  it('shows a key once, and its ends ever after', async () => {
    const { key, ...shown } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });

    expect(key).toMatch(/^pk_[0-9a-f]{48}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      projectId,
      name: 'laptop',
      masked: `pk_${key.slice(3, 7)}…${key.slice(-4)}`,
      status: 'active',
      createdAt: '2026-11-24T00:00:00.000Z',
      expiresAt: null,
      revokedAt: null,
      allowedEndpoints: null,
      allowedModels: null,
      allowedVendors: null,
      allowedAddresses: null,
      requestsPerMinute: null,
      concurrentCalls: null,
      tokensPerMinute: null,
      fileLimitBytes: null,
      replacedBy: null,
      lastUsedAt: null,
      version: 1,
    });
    const { data } = await test.apiKeys.list(projectId, { limit: 10 });
    expect(data).toHaveLength(2);
    expect(data).toContainEqual(shown);
    expect(JSON.stringify(data)).not.toContain(key);
  });

  it('never stores the key itself', async () => {
    const { key } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });
    const { rows } = await sql<object>`select * from api_keys`.execute(test.database.sql);

    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain(key.slice(8, -8));
    expect(JSON.stringify(rows)).toContain(test.secrets.hash(key));
  });

  it('tells active, expired and revoked keys apart, by the time of the question', async () => {
    const { id } = await test.apiKeyChanges.issue(BY, projectId, {
      name: 'short',
      expiresAt: '2026-11-24T01:00:01+01:00',
    });
    const statusNow = async (): Promise<unknown> =>
      (await test.apiKeys.list(projectId, { limit: 10 })).data.find(key => key.id === id);

    await expect(statusNow()).resolves.toMatchObject({
      status: 'active',
      expiresAt: '2026-11-24T00:00:01.000Z',
    });
    test.clock.advance(1000);
    await expect(statusNow()).resolves.toMatchObject({ status: 'expired' });
    await test.apiKeyChanges.revoke({ ...BY, at: test.clock.now() }, projectId, id);
    await expect(statusNow()).resolves.toMatchObject({
      status: 'revoked',
      revokedAt: '2026-11-24T00:00:01.000Z',
    });
  });

  it.each(['2026-11-24T00:00:00Z', '2020-01-01T00:00:00Z', 'never'])(
    'issues no key until %s',
    async expiresAt => {
      await expect(
        test.apiKeyChanges.issue(BY, projectId, { name: 'late', expiresAt }),
      ).rejects.toMatchObject({
        constructor: InvalidRequestError,
        param: 'expiresAt',
      });
    },
  );

  it('finds the owner of a key, also of one that is revoked', async () => {
    const { id, key } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });
    await test.apiKeyChanges.revoke(BY, projectId, id);

    await expect(test.apiKeys.findOwner(key)).resolves.toMatchObject({
      project: { id: projectId },
      apiKey: { id, revokedAt: '2026-11-24T00:00:00.000Z' },
    });
    await expect(test.apiKeys.findOwner(`${key}0`)).resolves.toBeNull();
    await expect(test.apiKeys.findOwner(test.secrets.hash(key))).resolves.toBeNull();
  });

  it('rotates a key once, with its own expiry for the new one', async () => {
    const expiresAt = '2027-01-01T00:00:00.000Z';
    const { id } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop', expiresAt });
    const rotated = await test.apiKeyChanges.rotate(BY, projectId, id, 3600);

    expect(rotated).toMatchObject({ name: 'laptop', expiresAt, replacedBy: null, status: 'active' });
    await expect(test.apiKeys.get(projectId, id)).resolves.toMatchObject({
      expiresAt: '2026-11-24T01:00:00.000Z',
      replacedBy: rotated.id,
    });
    await expect(test.apiKeyChanges.rotate(BY, projectId, id, 0)).rejects.toMatchObject({
      status: 409,
      code: 'key_rotated',
      message: expect.stringContaining(`'${rotated.id}'`),
    });
  });

  it('rotates a key again when the store failed before it had the new one', async () => {
    const { id } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });
    await test.database.sql.updateTable('api_keys').set({ replaced_by: 'nobody' }).execute();

    const { id: replacedBy } = await test.apiKeyChanges.rotate(BY, projectId, id, 0);
    await expect(test.apiKeys.get(projectId, id)).resolves.toMatchObject({ replacedBy });
  });

  it.each([-1, 604_801, Number.NaN])(
    'lets two keys overlap for a week at most, not for %s s',
    async overlap => {
      const { id } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });

      await expect(test.apiKeyChanges.rotate(BY, projectId, id, overlap)).rejects.toMatchObject({
        constructor: InvalidRequestError,
        param: 'overlapSeconds',
      });
    },
  );

  it('makes no key for a project that is deleted until it is restored, and revokes those that there are', async () => {
    const { id } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });
    await test.projectChanges.delete(BY, projectId);
    const make = () => test.apiKeyChanges.issue(BY, projectId, { name: 'new' });

    for (const making of [make, () => test.apiKeyChanges.rotate(BY, projectId, id, 0)]) {
      await expect(making()).rejects.toMatchObject({ status: 409, code: 'project_deleted' });
    }
    expect((await test.apiKeys.list(projectId, { limit: 10 })).data).toHaveLength(2);
    await test.apiKeyChanges.revoke(BY, projectId, id);
    await test.projectChanges.restore(BY, projectId);
    await expect(make()).resolves.toMatchObject({ name: 'new' });
  });

  it('revokes again without complaint, but no key of another project', async () => {
    const { id } = await test.apiKeyChanges.issue(BY, projectId, { name: 'laptop' });
    const other = await test.projectChanges.create(BY, { name: 'other' });

    await expect(test.apiKeyChanges.revoke(BY, other.id, id)).rejects.toThrow(NotFoundError);
    await test.apiKeyChanges.revoke(BY, projectId, id);
    await test.apiKeyChanges.revoke(BY, projectId, id);
    await expect(test.apiKeyChanges.revoke(BY, projectId, 'nobody')).rejects.toThrow(NotFoundError);
  });

  it('wants a project that exists', async () => {
    await expect(test.apiKeyChanges.issue(BY, 'nobody', { name: 'x' })).rejects.toThrow(
      "Project 'nobody' does not exist.",
    );
    await expect(test.apiKeys.list('nobody', { limit: 1 })).rejects.toThrow(NotFoundError);
  });
});

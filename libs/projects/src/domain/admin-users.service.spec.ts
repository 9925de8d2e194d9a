import { StoreUnavailableError } from '@app/shared';
import { sql } from 'kysely';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';

const CONFIGURED = 'a-key-of-the-operator-of-this-gateway';

describe('AdminUsersService', () => {
  let test: TestProjects;

  afterEach(async () => {
    await test.database.close();
  });

  it('makes a first key, once, and stores its hash', async () => {
    test = await openProjects();
    const key = await test.adminUserChanges.ensureFirst(BY);
    const { rows } = await sql<object>`select * from admin_keys`.execute(test.database.sql);

    expect(key).toMatch(/^ak_[0-9a-f]{48}$/);
    expect(JSON.stringify(rows)).not.toContain(key?.slice(8, -8));
    await expect(test.adminUserChanges.ensureFirst(BY)).resolves.toBeNull();
    await expect(test.adminUsers.identify(key ?? '')).resolves.toMatchObject({ role: 'owner' });
    await expect(test.adminUsers.identify(`ak_${'0'.repeat(48)}`)).resolves.toBeNull();
  });

  it('makes none when the configuration gives it, and then accepts that one', async () => {
    test = await openProjects({ AI_GATEWAY_ADMIN_KEY: CONFIGURED });

    await expect(test.adminUserChanges.ensureFirst(BY)).resolves.toBeNull();
    await expect(test.adminUsers.identify(CONFIGURED)).resolves.toMatchObject({ role: 'owner' });
    await expect(test.adminUsers.identify(CONFIGURED.slice(0, -1))).resolves.toBeNull();
    await expect(test.adminUsers.identify('')).resolves.toBeNull();
  });

  it('asks the store only for keys that could be there, and remembers for a second', async () => {
    test = await openProjects({ AI_GATEWAY_ADMIN_KEY: CONFIGURED });
    const ask = (key: string): Promise<number> => test.statements.during(() => test.adminUsers.identify(key));

    await expect(ask(CONFIGURED)).resolves.toBe(0);
    await expect(ask('pk_not-for-this-door')).resolves.toBe(0);
    await expect(ask('ak_unknown')).resolves.toBe(1);
    await expect(ask('ak_unknown')).resolves.toBe(0);
  });

  it('lets known admins in while the store is gone, and says so to the others', async () => {
    test = await openProjects();
    const key = (await test.adminUserChanges.ensureFirst(BY)) ?? '';
    await test.adminUsers.identify(key);
    await test.database.close();
    test.clock.advance(599_999);

    await expect(test.adminUsers.identify(key)).resolves.toMatchObject({ role: 'owner' });
    await expect(test.adminUsers.identify('ak_unknown')).rejects.toThrow(StoreUnavailableError);
  });
});

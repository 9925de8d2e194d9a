import { RingKey, Secrets } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';
import { AdminSessions, SESSION_MS } from './admin-sessions.js';

const ADMIN = 'ak_configured-by-the-operator-of-this';
const WITHIN_A_SECOND = 1000;

describe('AdminSessions', () => {
  let test: TestProjects;

  beforeEach(async () => {
    test = await openProjects({ AI_GATEWAY_ADMIN_KEY: ADMIN });
  });
  afterEach(() => test.database.close());

  const sessionsWith = (key: number): AdminSessions =>
    new AdminSessions(
      new Secrets([new RingKey(Buffer.alloc(32, key))]),
      test.clock,
      test.audit,
      test.adminUsers,
    );

  it('know whose they are, and say nothing of the key', async () => {
    const { id, key } = await test.adminUserChanges.create(BY, { name: 'Ada', role: 'viewer' });
    const [mine, hers] = [await test.adminSessions.open(BY, ADMIN), await test.adminSessions.open(BY, key)];

    await expect(test.adminSessions.identify(mine)).resolves.toMatchObject({
      id: 'configured',
      role: 'owner',
    });
    await expect(test.adminSessions.identify(hers)).resolves.toMatchObject({ id, role: 'viewer' });
    expect(hers).not.toContain(key.slice(3));
    expect(hers).not.toContain(test.secrets.hash(key));
  });

  it('are over after twelve hours', async () => {
    const token = await test.adminSessions.open(BY, ADMIN);
    test.clock.advance(SESSION_MS - 1);
    await expect(test.adminSessions.identify(token)).resolves.not.toBeNull();
    test.clock.advance(1);

    await expect(test.adminSessions.identify(token)).resolves.toBeNull();
  });

  it('end with their key, within a second', async () => {
    const { id, key } = await test.adminUserChanges.create(BY, { name: 'Ada', role: 'admin' });
    const token = await test.adminSessions.open(BY, key);
    await test.adminSessions.identify(token);
    const rotated = await test.adminUserChanges.rotate(BY, id);
    test.clock.advance(WITHIN_A_SECOND);
    await expect(test.adminSessions.identify(token)).resolves.toBeNull();

    const next = await test.adminSessions.open(BY, rotated.key);
    await expect(test.adminSessions.identify(next)).resolves.toMatchObject({ id });
    await test.adminUserChanges.revoke(BY, id);
    test.clock.advance(WITHIN_A_SECOND);
    await expect(test.adminSessions.identify(next)).resolves.toBeNull();
  });

  it('end with the configured key', async () => {
    const other = await openProjects({ AI_GATEWAY_ADMIN_KEY: `${ADMIN}-changed` });
    const token = await test.adminSessions.open(BY, ADMIN);

    await expect(other.adminSessions.identify(token)).resolves.toBeNull();
    await other.database.close();
  });

  it('are nobody’s when they are forged, altered, too long, or sealed for something else', async () => {
    const token = await test.adminSessions.open(BY, ADMIN);
    const forged = [
      '',
      'v1',
      token.slice(0, -4),
      token.replace(/(.{20})(.)/, (_, before: string, at: string) => before + (at === 'A' ? 'B' : 'A')),
      token + 'A'.repeat(1024),
      await sessionsWith(2).open(BY, ADMIN),
      test.secrets.encrypt(test.secrets.decrypt(token, 'admin-session'), 'realtime-client-secret'),
    ];

    for (const each of forged) {
      await expect(test.adminSessions.identify(each)).resolves.toBeNull();
    }
  });

  it('are opened by every gateway with the same encryption key', async () => {
    const token = await sessionsWith(1).open(BY, ADMIN);

    await expect(test.adminSessions.identify(token)).resolves.toMatchObject({ id: 'configured' });
  });
});

import { ThrottlerStorageService } from '@nestjs/throttler';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';
import { Admission } from './admission.js';
import {
  AdminOnlyError,
  InvalidApiKeyError,
  SessionKeyExpiredError,
  TooManyWrongKeysError,
} from './auth.errors.js';
import { KeyAccess } from './key-access.js';
import { ThrottledWrongKeys } from '../infrastructure/throttled-wrong-keys.js';

const ADMIN = 'ak_configured-by-the-operator-of-this';
const WRONG = `pk_${'0'.repeat(48)}`;

describe('Admission', () => {
  let test: TestProjects;
  let admission: Admission;
  let projectKey: string;

  beforeEach(async () => {
    test = await openProjects({ AI_GATEWAY_ADMIN_KEY: ADMIN });
    const keys = new KeyAccess(test.apiKeys, test.clock);
    const wrongKeys = new ThrottledWrongKeys(new ThrottlerStorageService());
    admission = new Admission(keys, test.adminUsers, wrongKeys, test.clientSecrets);
    ({ apiKey: projectKey } = await test.projectChanges.create(BY, { name: 'demo' }));
  });

  afterEach(async () => {
    await test.database.close();
  });

  it('answers the 21st wrong key of an address with 429, and still lets in one that worked lately', async () => {
    await admission.admit(projectKey, 'a');
    for (let n = 0; n < 20; n += 1) {
      await expect(admission.admit(WRONG, 'a')).rejects.toThrow(InvalidApiKeyError);
    }

    await expect(admission.admit(WRONG, 'a')).rejects.toMatchObject({
      constructor: TooManyWrongKeysError,
      status: 429,
      retryAfterMs: expect.any(Number),
    });
    await expect(admission.admit(projectKey, 'a')).resolves.toMatchObject({ project: { name: 'demo' } });
    await expect(admission.admit(WRONG, 'b')).rejects.toThrow(InvalidApiKeyError);
  });

  it('counts forged ephemeral keys, and neither lets those in that have expired nor counts them', async () => {
    const { project, apiKey } = await admission.admit(projectKey, 'a');
    const expiresAt = test.clock.now() / 1000 + 10;
    const config = { type: 'realtime' } as const;
    const value = test.clientSecrets.seal({ projectId: project.id, keyId: apiKey.id, expiresAt, config });
    for (let n = 0; n < 20; n += 1) {
      await expect(admission.admitClientSecret(`${value}x`, 'a')).rejects.toThrow(InvalidApiKeyError);
    }

    await expect(admission.admitClientSecret(`${value}x`, 'a')).rejects.toThrow(TooManyWrongKeysError);
    await expect(admission.admitClientSecret(value, 'a')).resolves.toMatchObject({
      apiKey,
      liveConfig: config,
    });
    test.clock.advance(10_000);
    for (let n = 0; n < 21; n += 1) {
      await expect(admission.admitClientSecret(value, 'b')).rejects.toThrow(SessionKeyExpiredError);
    }
  });

  it('looks up no key that it does not know while an address is to wait: a right guess stays unknown', async () => {
    const { key } = await test.adminUserChanges.create(BY, { name: 'Ada', role: 'viewer' });
    for (let n = 0; n < 20; n += 1) {
      await admission.admit(WRONG, 'a').catch(() => undefined);
    }

    for (const right of [ADMIN, key, projectKey]) {
      await expect(
        test.statements.during(() =>
          expect(admission.admitAdmin(right, 'a')).rejects.toThrow(TooManyWrongKeysError),
        ),
      ).resolves.toBe(0);
    }
    await expect(admission.admit(projectKey, 'a')).rejects.toThrow(TooManyWrongKeysError);
    await expect(admission.admitAdmin(ADMIN, 'b')).resolves.toMatchObject({ id: 'configured' });
    await expect(admission.admitAdmin(key, 'b')).resolves.toMatchObject({ role: 'viewer' });
    await expect(admission.admit(projectKey, 'b')).resolves.toMatchObject({ project: { name: 'demo' } });
  });

  it('counts wrong admin keys with the others', async () => {
    await admission.admitAdmin(ADMIN, 'a');
    for (let n = 0; n < 20; n += 1) {
      await expect(admission.admitAdmin(n % 2 ? WRONG : 'ak_wrong', 'a')).rejects.toThrow(InvalidApiKeyError);
    }

    await expect(admission.admitAdmin('ak_wrong', 'a')).rejects.toThrow(TooManyWrongKeysError);
    await expect(admission.admitAdmin(ADMIN, 'a')).resolves.toMatchObject({
      id: 'configured',
      role: 'owner',
    });
  });

  it('does not count a failing store, a suspended project or a project key at the wrong door', async () => {
    await test.projectChanges.suspend(BY, (await admission.admit(projectKey, 'a')).project.id);
    test.clock.advance(1000);
    const { apiKey } = await test.projectChanges.create(BY, { name: 'other' });
    for (let n = 0; n < 30; n += 1) {
      await expect(admission.admit(projectKey, 'a')).rejects.toMatchObject({ status: 403 });
      await expect(admission.admitAdmin(apiKey, 'a')).rejects.toThrow(AdminOnlyError);
    }
    await test.database.close();
    for (let n = 0; n < 30; n += 1) {
      await expect(admission.admit(WRONG, 'a')).rejects.toMatchObject({ status: 503 });
    }

    await expect(admission.admitAdmin('sk-not-ours', 'a')).rejects.toThrow(InvalidApiKeyError);
  });
});

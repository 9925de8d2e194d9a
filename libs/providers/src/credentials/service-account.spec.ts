import { generateKeyPairSync, verify } from 'node:crypto';
import { testServiceAccount } from '../../../../test/support/service-account.js';
import { serviceAccount } from './service-account.js';
import { UnusableKeyError } from './unusable-key.error.js';

const URL = 'https://oauth2.googleapis.com/token';
const read = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('a service account', () => {
  const account = testServiceAccount(URL);

  it('signs an assertion of an hour, which its public key proves', () => {
    const grant = serviceAccount(account.key);
    const form = grant.form(1_700_000_000_999);
    const [head, claims, signature = ''] = form.get('assertion')?.split('.') ?? [];

    expect(grant).toMatchObject({ url: URL, project: 'my-project' });
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(read(head)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(read(claims)).toEqual({
      iss: 'gateway@my-project.iam.gserviceaccount.com',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: URL,
      iat: 1_700_000_000,
      exp: 1_700_003_600,
    });
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from(`${head}.${claims}`), account.publicKey, bytes)).toBe(true);
    expect(verify('sha256', Buffer.from(`${head}.${head}`), account.publicKey, bytes)).toBe(false);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  it.each([
    ['AIzaNotJson', 'AIzaNotJson'],
    ['null', 'null'],
    ['a list', '[]'],
    ['the credentials of a person', '{"type":"authorized_user","refresh_token":"r-1234567890"}'],
    ['no project', testServiceAccount(URL, { project_id: '' }).key],
    ['a broken private key', testServiceAccount(URL, { private_key: 'MIIE-secret' }).key],
    [
      'a key of another kind',
      testServiceAccount(URL, { private_key: ec.export({ type: 'pkcs8', format: 'pem' }) }).key,
    ],
  ])('is not what it takes when the key is %s, and that is said without it', (_, key) => {
    const open = () => serviceAccount(key);

    expect(open).toThrow(UnusableKeyError);
    expect(open).toThrow(/It must be the JSON key of a Google service account, with client_email/);
    expect(open).not.toThrow(/secret|refresh|r-123|AIza/);
  });
});

import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface TestServiceAccount {
  /** The JSON key as Google hands it out. */
  readonly key: string;
  /** What Google checks assertions with. */
  readonly publicKey: KeyObject;
}

/** A service account whose tokens are sold at this URL. */
export function testServiceAccount(tokenUri: string, more: object = {}): TestServiceAccount {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = {
    type: 'service_account',
    project_id: 'my-project',
    private_key_id: 'key-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'gateway@my-project.iam.gserviceaccount.com',
    token_uri: tokenUri,
    ...more,
  };
  return { key: JSON.stringify(key, null, 2), publicKey };
}

import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { TokenGrant } from '../vendor.js';
import { UnusableKeyError } from './unusable-key.error.js';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** The longest that Google takes. */
const ASSERTION_LIFE_S = 3600;
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

interface KeyFile {
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id?: string;
  readonly project_id: string;
  readonly token_uri: string;
}

/**
 * A Google service account: its JSON key signs an assertion, which buys tokens of an hour. With node:crypto and not with
 * google-auth-library, whose own HTTP client would go around the egress guard, the time limits and the shutdown.
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 *
 * @throws UnusableKeyError (502) when the key is something else
 */
export function serviceAccount(apiKey: string): TokenGrant {
  const file = readKeyFile(apiKey);
  const key = file && readPrivateKey(file.private_key);
  if (!file || !key) {
    throw new UnusableKeyError(
      'It must be the JSON key of a Google service account, with client_email, private_key, project_id and token_uri.',
    );
  }
  return {
    url: file.token_uri,
    project: file.project_id,
    form: now =>
      new URLSearchParams({ grant_type: GRANT, assertion: assertion(file, key, Math.floor(now / 1000)) }),
  };
}

/** A JWT signed with RS256. */
function assertion(file: KeyFile, key: KeyObject, issuedAt: number): string {
  const head = { alg: 'RS256', typ: 'JWT', kid: file.private_key_id };
  const claims = {
    iss: file.client_email,
    scope: SCOPE,
    aud: file.token_uri,
    iat: issuedAt,
    exp: issuedAt + ASSERTION_LIFE_S,
  };
  const text = `${base64url(head)}.${base64url(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readKeyFile(text: string): KeyFile | null {
  try {
    const file = JSON.parse(text) as Partial<Record<keyof KeyFile, unknown>> | null;
    const fields = [file?.client_email, file?.private_key, file?.project_id, file?.token_uri];
    return fields.every(field => typeof field === 'string' && field !== '') ? (file as KeyFile) : null;
  } catch {
    return null;
  }
}

function readPrivateKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    return null;
  }
}

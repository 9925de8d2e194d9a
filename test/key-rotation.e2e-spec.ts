import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encryptionKey } from './support/encryption-key.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';

const OLD = encryptionKey(1);
const NEW = encryptionKey(2);

let dataDir: string;
let ports: [number, number];
let gateway: GatewayProcess | null = null;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-rotation-'));
  ports = [await freePort(), await freePort()];
});
afterAll(async () => {
  await gateway?.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts it anew with other encryption keys and the same data. */
async function restart(env: Record<string, string>): Promise<string> {
  await gateway?.end();
  gateway = await GatewayProcess.start(dataDir, ports, {
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `http://127.0.0.1:${ports[1]}/v1`,
    ...env,
  });
  await gateway.ready();
  return gateway.output;
}

async function ask(method: string, at: string, key: string, body?: object): Promise<[number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${ports[0]}${at}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return [response.status, await response.json()];
}

const chat = (key: string, model: string): Promise<[number, unknown]> =>
  ask('POST', '/v1/chat/completions', key, { model, messages: [{ role: 'user', content: 'Hi' }] });

it('an encryption key is rotated without a lost key, and a key that is taken away too early is named', async () => {
  const welcome = await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: OLD });
  const [adminKey = ''] = welcome.match(/\bak_[0-9a-f]{48}/) ?? [];
  const [projectKey = ''] = welcome.match(/\bpk_[0-9a-f]{48}/) ?? [];
  const [, projects] = await ask('GET', '/admin/projects', adminKey);
  const { id } = (projects as { data: { id: string }[] }).data[0] ?? { id: '' };
  const at = `/admin/projects/${id}/provider-keys`;
  const vendorKey = { provider: 'openai', name: 'own', apiKey: 'sk-own-0123456789' };
  expect(await ask('POST', at, adminKey, vendorKey)).toMatchObject([201, { masked: '…6789' }]);

  const foreign = await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${NEW}` });
  expect(foreign).toContain('is not the key of this store');

  const ring = {
    AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${NEW}`,
    AI_GATEWAY_SECURITY_ENCRYPTION_KEY: OLD,
  };
  await restart(ring);
  expect(await chat(projectKey, 'claude-sonnet-5')).toMatchObject([200, {}]);
  expect(await ask('GET', '/admin/projects', adminKey)).toMatchObject([200, {}]);

  await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${NEW}` });
  const early = await chat(projectKey, 'gpt-4.1-mini');
  expect(early).toMatchObject([500, { error: { code: 'provider_key_unreadable' } }]);
  expect(JSON.stringify(early)).toMatch(/encrypted with the key '[0-9a-f]{8}'/);
  expect(await ask('POST', '/admin/encryption/reencrypt', adminKey)).toMatchObject([
    200,
    { done: 0, unreadable: 1, missingKeyIds: [expect.stringMatching(/^[0-9a-f]{8}$/)] },
  ]);

  await restart(ring);
  expect(await ask('POST', '/admin/encryption/reencrypt', adminKey)).toMatchObject([
    200,
    { activeKeyId: '2027', done: 1, left: 0, unreadable: 0, keysLeft: 0, missingKeyIds: [] },
  ]);
  expect(await ask('GET', '/admin/audit?action=encryption.reencrypt&limit=1', adminKey)).toMatchObject([
    200,
    { data: [{ actorName: 'first owner', targetId: '2027', projectId: null }] },
  ]);

  await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${NEW}` });
  expect(await chat(projectKey, 'claude-sonnet-5')).toMatchObject([200, {}]);
  expect(await ask('GET', at, adminKey)).toMatchObject([200, { data: [{ masked: '…6789' }] }]);
  expect(await chat(projectKey, 'gpt-4.1-mini')).toMatchObject([200, {}]);
}, 120_000);

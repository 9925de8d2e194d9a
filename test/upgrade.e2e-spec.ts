import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startGateway, type TestGateway } from './support/gateway.js';

/**
 * The store as release 0.1.0 left it: two projects, a key that expires in 2027, a vendor key, five calls. It is never
 * written anew: whatever the tables become, this file must open, and nobody may lose a key or a record.
 */
const STORE = path.join(import.meta.dirname, 'fixtures/release-0.1.0.db.gz');
const ENCRYPTION_KEY = Buffer.from('release-0.1.0-fixture-key-32byte').toString('base64');
const PROJECT = '01a21417-b5b6-7b2d-8b56-d57fe6ae3393';
const PROJECT_KEY = 'pk_6341eaee5d013b90674c3761dc6942c865e294f77b7ccebd';

interface Listed {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

let folder: string;
let gateway: TestGateway;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'upgrade-'));
  const file = path.join(folder, 'gateway.db');
  writeFileSync(file, gunzipSync(readFileSync(STORE)));
  gateway = await startGateway({
    AI_GATEWAY_DATABASE_URL: `sqlite:${file}`,
    AI_GATEWAY_SECURITY_ENCRYPTION_KEY: ENCRYPTION_KEY,
  });
});

afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the store of release 0.1.0', () => {
  it('still lets the key of its project in', async () => {
    const response = await gateway.chat(
      { model: 'anthropic/claude-sonnet-5', messages: [{ role: 'user', content: 'Still here?' }] },
      { headers: { authorization: `Bearer ${PROJECT_KEY}` } },
    );

    expect(response.status).toBe(200);
  });

  it('still opens the vendor key of its project', async () => {
    const response = await gateway.chat(
      { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Whose key is this?' }] },
      { headers: { authorization: `Bearer ${PROJECT_KEY}` } },
    );

    expect(response.status).toBe(200);
    expect(gateway.simulator.requests().at(-1)?.headers['authorization']).toBe(
      'Bearer sk-fixture-openai-0001',
    );
  });

  it('keeps projects, keys and usage', async () => {
    const project = await gateway.admin('GET', `/admin/projects/${PROJECT}`);
    const keys = await gateway.admin<Listed>('GET', `/admin/projects/${PROJECT}/api-keys`);
    const usage = await gateway.admin<Listed>('GET', `/admin/usage?to=2026-11-25T20:00:00Z`);

    expect(project.body).toMatchObject({ name: 'First release', status: 'active' });
    expect(keys.body.data).toMatchObject([
      { masked: 'pk_6341…cebd', expiresAt: null },
      { name: 'extra', masked: 'pk_1ac0…8b4c' },
      { name: 'expired', masked: 'pk_f560…4559', expiresAt: '2027-01-31T12:00:00.000Z' },
    ]);
    expect(usage.body.data.map(call => [call['modelAsked'], call['outcome'], call['stream']])).toEqual([
      ['whisper-1', 'failed', false],
      ['anthropic/claude-sonnet-5', 'completed', true],
      ['google/gemini-2.5-flash', 'completed', false],
      ['anthropic/claude-sonnet-5', 'completed', false],
      ['openai/gpt-4.1-mini', 'failed', false],
    ]);
  });
});

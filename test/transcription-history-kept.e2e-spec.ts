import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TranscriptionRecordRepository } from '@app/audio';
import { ProjectSweep } from '@app/projects';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { ask, AT, hearAs, HELLO, recorded } from './support/hearing.js';
import { removeData, storeEnvironment } from './support/test-store.js';

const OTHER = Buffer.concat([HELLO, Buffer.alloc(320)]);
const WITH_TEXT = { transcriptionHistoryDays: 30, transcriptionHistoryText: true };

describe('what is on record of transcriptions', () => {
  const OLD = encryptionKey(7);
  const SETTINGS = { AI_GATEWAY_PROJECT_GRACE_MS: '0', AI_GATEWAY_CACHE_STORE: 'database' };
  let dataDir: string;
  let gateway: TestGateway;
  let key: string;
  let projectId: string;

  const restart = async (keys: Record<string, string>): Promise<void> => {
    await gateway?.stop();
    gateway = await startGateway({ ...SETTINGS, ...(await storeEnvironment(dataDir)), ...keys });
  };

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-heard-'));
    await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: OLD });
    ({ projectKey: key, projectId } = gateway);
    const settings = { ...WITH_TEXT, transcriptionCache: true };
    const change = await gateway.admin('PATCH', `/admin/projects/${projectId}`, settings);
    expect(change.status).toBe(200);
    // keys are looked up again
    await eventually(async () => expect((await hearAs(gateway, { key, file: OTHER })).cache).not.toBeNull());
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    await removeData(dataDir);
  });

  it('outlives a restart, as does what the same recording is answered with', async () => {
    const first = await hearAs(gateway, { key });
    await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: OLD }); // at once: what is not kept yet is waited for
    const found = (await ask(gateway, key, `${AT}/${String(first.id)}`)).body;
    const second = await hearAs(gateway, { key });

    expect(found).toMatchObject({ id: first.id, text: expect.stringContaining('hello.wav') as string });
    expect(second.cache).toMatch(/^hit; age=\d+$/);
    expect(second.cost).toBe('0.000000000');
    expect(gateway.simulator.requests()).toEqual([]);
  }, 60_000);

  it('outlives its encryption key', async () => {
    const { id } = await hearAs(gateway, { key });
    await recorded(gateway, key, 1, `?limit=1`);
    const ring = `2027:${encryptionKey(8)}`;
    await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `${ring},old:${OLD}` });
    await hearAs(gateway, { key }); // the project's key moves when it is used
    const { status } = await gateway.admin('POST', '/admin/encryption/reencrypt');
    expect(status).toBeLessThan(300);
    await eventually(async () => {
      const sealed = await gateway.app.get(TranscriptionRecordRepository).listSealed(100);
      expect(sealed.every(({ envelope }) => envelope.includes('2027'))).toBe(true);
    });
    await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: ring });

    const { body } = await ask(gateway, key, `${AT}/${String(id)}`);
    expect(body).toMatchObject({ id, file_name: 'hello.wav', text: expect.any(String) as string });
  }, 60_000);

  it('goes with its project', async () => {
    await hearAs(gateway, { key });
    await eventually(async () =>
      expect(await gateway.app.get(TranscriptionRecordRepository).listSealed(1)).toHaveLength(1),
    );
    expect((await gateway.admin('DELETE', `/admin/projects/${projectId}`)).status).toBeLessThan(300);
    await eventually(async () => {
      await gateway.app.get(ProjectSweep).run();
      const left = await gateway.app.get(TranscriptionRecordRepository).listSealed(100);
      expect(left.filter(each => each.projectId === projectId)).toEqual([]);
    });
  }, 60_000);
});

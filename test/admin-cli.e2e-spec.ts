import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';
import { ON_SERVER, removeData, storeEnvironment } from './support/test-store.js';

const run = promisify(execFile);
const ENTRY = 'dist/apps/gateway/src/admin/main.js';

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'admin-cli-'));
});
afterEach(() => removeData(dataDir));

async function admin(...values: string[]): Promise<Result> {
  const env = {
    AI_GATEWAY_ENVIRONMENT: 'test',
    AI_GATEWAY_DATA_DIR: dataDir,
    ...(await storeEnvironment(dataDir)),
  };
  try {
    const { stdout, stderr } = await run(process.execPath, [ENTRY, ...values], { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

async function json<T>(...values: string[]): Promise<T> {
  const { code, out, err } = await admin(...values);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

async function gateway(): Promise<GatewayProcess> {
  const started = await GatewayProcess.start(dataDir, [await freePort(), await freePort()]);
  return started.ready();
}

interface Made {
  readonly id: string;
  readonly apiKey: string;
  readonly key: string;
}

describe('the command line', () => {
  it('makes projects, keys and users that a gateway then knows, and tells the audit trail', async () => {
    const project = await json<Made>('create-project', 'from the shell');
    const key = await json<Made>('create-key', project.id, 'second key');
    const rotated = await json<Made>('rotate-key', project.id, key.id);
    const kept = await json<Made>('create-key', project.id, 'third key');
    const overlapping = await json<Made>('rotate-key', project.id, kept.id, '3600');
    await json('revoke-key', project.id, overlapping.id);
    const owner = await json<Made>('create-user', 'Ada', 'owner');
    const renewed = await json<Made>('rotate-user', owner.id);
    expect(await json<Made[]>('list-keys', project.id)).toHaveLength(5);
    expect(await json<Made[]>('list-projects')).toMatchObject([{ id: project.id }]);
    expect(await json<Made[]>('list-users')).toMatchObject([{ name: 'Ada', role: 'owner' }]);

    const running = await gateway();
    try {
      const ask = async (bearer: string): Promise<number> => {
        const response = await fetch(`${running.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }),
        });
        return response.status;
      };
      const keys = [project.apiKey, key.key, rotated.key, kept.key, overlapping.key];
      expect(await Promise.all(keys.map(ask))).toEqual([200, 401, 200, 200, 401]);
      const audit = (bearer: string): Promise<Response> =>
        fetch(`${running.url}/admin/audit?actor=command-line`, {
          headers: { authorization: `Bearer ${bearer}` },
        });
      expect((await audit(owner.key)).status).toBe(401);
      const told = (await (await audit(renewed.key)).json()) as { data: { action: string }[] };
      expect(told.data.at(0)?.action).toBe('user.rotate');
      expect(told.data.at(-1)?.action).toBe('project.create');
    } finally {
      await running.end();
    }
  }, 120_000);

  it('works beside a running gateway, unless that one holds the embedded store', async () => {
    const running = await gateway();
    try {
      const { code, out, err } = await admin('create-project', 'x');
      if (ON_SERVER) {
        expect([code, err]).toEqual([0, '']);
      } else {
        expect([code, out]).toEqual([1, '']);
        expect(err).toContain('A running gateway holds the store. Stop it, or do the same over HTTP');
      }
    } finally {
      await running.end();
    }
  }, 120_000);

  it('helps, and says what is wrong in one line', async () => {
    const help = await admin();
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/create-project NAME[^]+create-key PROJECT NAME[^]+rotate-key PROJECT KEY/);
    await expect(admin('--help')).resolves.toEqual(help);
    for (const [values, line] of [
      [['drop-everything'], "There is no command 'drop-everything'."],
      [['toString'], "There is no command 'toString'."],
      [['create-key', 'project'], 'Usage: ./run.sh admin create-key PROJECT NAME'],
      [['create-project', 'two\nlines'], 'NAME must be one line of text'],
      [['create-key', 'nobody', 'x'], "Project 'nobody' does not exist."],
      [['create-user', 'x', 'root'], 'ROLE must be one of viewer, admin, owner.'],
    ] as const) {
      const { code, out, err } = await admin(...values);
      expect([code, out, err.trim().split('\n')]).toEqual([1, '', [expect.stringContaining(line)]]);
    }
  }, 120_000);
});

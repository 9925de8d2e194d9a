import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.js';

const ADMIN_KEY = 'ak_test_built_0123456789abcdef0123456789abcdef';
const ENTRY = 'dist/apps/gateway/src/main.js';

export interface BuiltGateway {
  readonly url: string;
  readonly projectId: string;
  readonly projectKey: string;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * The compiled gateway as its own process, with the simulator that it starts itself. For what only the build has: the
 * Swagger plugin runs in the compiler, so the schemas are empty under Jest's transform.
 *
 * @param fill puts something into its store before it starts
 */
export async function startBuiltGateway(
  fill?: (databaseFile: string) => Promise<void>,
): Promise<BuiltGateway> {
  if (!existsSync(ENTRY)) {
    throw new Error(`${ENTRY} is missing. Run \`npm run build\` first.`);
  }
  const dataDir = mkdtempSync(path.join(tmpdir(), 'built-gateway-'));
  const databaseFile = path.join(dataDir, 'gateway.db');
  await fill?.(databaseFile);
  const port = await freePort();
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      AI_GATEWAY_ENVIRONMENT: 'test',
      AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
      AI_GATEWAY_DATA_DIR: dataDir,
      AI_GATEWAY_DATABASE_URL: `sqlite:${databaseFile}`,
      AI_GATEWAY_SERVER_PORT: String(port),
      AI_GATEWAY_SIMULATOR_PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await welcome(child);
    const url = `http://127.0.0.1:${port}`;
    const { pid = 0 } = child;
    const { id: projectId, apiKey: projectKey } = await createProject(url);
    return { url, projectId, projectKey, adminKey: ADMIN_KEY, dataDir, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when the process says where its API pages are. */
async function welcome(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('/swagger-ui/')) {
        resolve();
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`The gateway ended:\n${output}`)));
  });
}

async function createProject(url: string): Promise<{ id: string; apiKey: string }> {
  const response = await fetch(`${url}/admin/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'built' }),
  });
  return (await response.json()) as { id: string; apiKey: string };
}

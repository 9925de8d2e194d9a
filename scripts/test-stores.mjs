// Brings up the servers that tests talk to, on free ports and empty folders:
//
//   npm run stores                     until Ctrl-C; prints what to set
//   npm run stores -- npm run jest …   while the command runs, with the variables set for it
//
// MongoDB: the server at MONGODB_TEST_URI, else `mongod` on the PATH, else SecantusDB (an independent server of the
// MongoDB wire protocol, from PyPI, in a virtual environment under .cache; needs Python 3.11 or newer).
// PostgreSQL: the server at POSTGRES_TEST_URI, whose user may create databases, else the one in `embedded-postgres.mjs`.
// MySQL: the server at MYSQL_TEST_URI, whose user may create databases, else the MariaDB of `mariadb.mjs`.
// Redis: the server at REDIS_TEST_URI, else the one of `redis.mjs`; tests that stop or freeze one use REDIS_TEST_COMMAND.
// And what hears speech: the server at RECOGNISER_TEST_URI, else the one of `recogniser.mjs`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { startMariadb } from './mariadb.mjs';
import { pythonTool } from './python-tool.mjs';
import { startRecogniser } from './recogniser.mjs';
import { startRedis } from './redis.mjs';
import { startServer } from './test-server.mjs';

const SECANTUS = 'secantusdb==0.7.0b3';

/**
 * Starts what there is.
 *
 * @returns {Promise<{ env: Record<string, string>, lines: string[], missing: string[], stop(): Promise<void> }>} `env`
 *   for the tests, a line for each server, and one for each store that cannot run here
 */
export async function startTestStores() {
  const stores = await Promise.all([
    startStore('mongodb', 'MONGODB_TEST_URI', startMongo),
    startStore('postgres', 'POSTGRES_TEST_URI', startEmbeddedPostgres),
    startStore('mysql', 'MYSQL_TEST_URI', startMariadb),
    startStore('redis', 'REDIS_TEST_URI', startRedis),
    startStore('recogniser', 'RECOGNISER_TEST_URI', startRecogniser),
  ]);
  return {
    env: Object.assign({}, ...stores.map(({ env }) => env)),
    lines: stores.flatMap(({ line }) => line ?? []),
    missing: stores.flatMap(({ missing }) => missing ?? []),
    stop: async () => {
      await Promise.all(stores.map(({ stop }) => stop?.()));
    },
  };
}

/** One store: the server that the variable names, else one of our own. */
async function startStore(store, variable, start) {
  const given = process.env[variable];
  if (given) {
    return { env: { [variable]: given }, line: `${store}: ${variable}` };
  }
  try {
    const { uri, name, env, stop } = await start();
    return { env: { [variable]: uri, ...env }, line: `${store}: ${name} at ${uri}`, stop };
  } catch (error) {
    return { missing: `${store}: NOT RUN (${error.message})` };
  }
}

/** @returns as the others, with `pid`, `kill` and `start` of `startServer` */
export async function startMongo() {
  const { command, name } = mongoCommand();
  const { port, ...server } = await startServer(command);
  // Tests that stop or freeze a server start one of their own by the command.
  return {
    uri: `mongodb://127.0.0.1:${port}`,
    name,
    ...server,
    env: { MONGODB_TEST_COMMAND: JSON.stringify(command) },
  };
}

/** A command line with `{port}` and `{folder}` in it, and what it starts. @throws Error with what to install */
function mongoCommand() {
  if (spawnSync('mongod', ['--version']).status === 0) {
    const command = [
      'mongod',
      '--bind_ip',
      '127.0.0.1',
      '--port',
      '{port}',
      '--dbpath',
      '{folder}',
      '--quiet',
    ];
    return { command, name: 'mongod' };
  }
  const flags = ['--host', '127.0.0.1', '--standalone', '--log-level', 'WARNING'];
  return {
    command: [secantus(), '--port', '{port}', '--storage-path', '{folder}', ...flags],
    name: `MongoDB API (${SECANTUS})`,
  };
}

function secantus() {
  try {
    return pythonTool(SECANTUS, 'secantusd-py');
  } catch (error) {
    throw new Error(`no mongod on the PATH; ${error.message}`, { cause: error });
  }
}

/** Runs the command, or waits for Ctrl-C. */
async function main([file, ...parameters]) {
  const stores = await startTestStores();
  for (const line of [...stores.lines, ...stores.missing]) {
    console.error(line);
  }
  process.once('SIGTERM', () => void stores.stop().then(() => process.exit(1)));
  const interrupted = once(process, 'SIGINT');
  let status = 0;
  if (file) {
    const child = spawn(file, parameters, { stdio: 'inherit', env: { ...process.env, ...stores.env } });
    [status] = await once(child, 'exit');
  } else {
    for (const [name, value] of Object.entries(stores.env)) {
      console.log(`export ${name}='${value}'`);
    }
    await interrupted;
  }
  await stores.stop();
  process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2));
}

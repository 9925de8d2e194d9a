// A MariaDB server for tests: the one of the machine (Debian's `mariadb-server`), on a port and in a folder of its own.
// With CI=true it is installed where it is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../test/support/certificate.ts';
import { aptInstall } from './apt-install.mjs';
import { startServer } from './test-server.mjs';

const USER = 'gateway';
const PASSWORD = 'test';
const IS_ROOT = process.getuid?.() === 0;
/** It refuses to run as root unless that is meant. */
const AS_ROOT = IS_ROOT ? ['--user=root'] : [];
/** Debian keeps it there, where a user's PATH may not lead. */
const COMMANDS = ['mariadbd', '/usr/sbin/mariadbd'];
/** The worst that an operator may have chosen: the gateway has to depend on none of it. */
const SETTINGS = [
  '--character-set-server=latin1',
  '--collation-server=latin1_swedish_ci',
  '--default-storage-engine=MyISAM',
  '--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES',
];
/** No machine must survive with it, … */
const HASTE = ['--innodb-flush-method=nosync', '--innodb-doublewrite=0'];
/** … and no server either; or else what it has acknowledged survives that it is killed. */
const FORGETFUL = '--innodb-flush-log-at-trx-commit=0';
const LASTING = '--innodb-flush-log-at-trx-commit=2';

/**
 * @param {{ lasts?: boolean }} options whether it may be killed and started again
 * @returns {Promise<{ uri: string, name: string, env: { MYSQL_TEST_CA: string }, stop(): Promise<void> }>} also `pid`, `kill` and
 *   `start` of `startServer`; and the file of the authority that its certificate for `localhost` comes from
 * @throws {Error} whose message says why it cannot be had
 */
export async function startMariadb({ lasts = false } = {}) {
  const command = found() ?? installed();
  const flags = [
    '--no-defaults',
    ...AS_ROOT,
    '--datadir={folder}/data',
    '--tmpdir={folder}', // one that starts clears it, of the tables of others, too
    '--init-file={folder}/init.sql',
    '--socket={folder}/socket',
    '--pid-file={folder}/pid',
    '--bind-address=127.0.0.1',
    '--port={port}',
    '--ssl-cert={folder}/cert.pem',
    '--ssl-key={folder}/key.pem',
    '--max-connections=300',
    '--table-open-cache=500',
    '--log-error={folder}/log',
    ...SETTINGS,
    ...HASTE,
    lasts ? LASTING : FORGETFUL,
  ];
  const { port, folder, ...server } = await startServer([command, ...flags], prepare);
  return {
    uri: `mysql://${USER}:${PASSWORD}@127.0.0.1:${port}/mysql`,
    name: versionOf(command),
    env: { MYSQL_TEST_CA: join(folder, 'cert.pem') },
    ...server,
  };
}

/** An empty data folder, the user of the tests, and a certificate. */
function prepare(folder) {
  execFileSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      ...AS_ROOT,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  writeFileSync(
    join(folder, 'init.sql'),
    `create user '${USER}'@'%' identified by '${PASSWORD}';\ngrant all on *.* to '${USER}'@'%';\n`,
  );
  const { cert, key } = makeCertificate('MariaDB for tests');
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
}

function found() {
  return COMMANDS.find(command => spawnSync(command, ['--version']).status === 0);
}

function installed() {
  aptInstall('mariadb-server');
  const command = found();
  if (!command) {
    throw new Error('mariadb-server is installed, and yet there is no mariadbd');
  }
  return command;
}

function versionOf(command) {
  const [, version] = /Ver (\S+)/.exec(spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  return `mariadbd ${version}`;
}

// A local speech recogniser for tests, and the voice that speaks to it: CMU's PocketSphinx from PyPI, which carries its model, and
// Debian's `flite`. With CI=true that is installed where it is missing.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { aptInstall } from './apt-install.mjs';
import { pythonTool } from './python-tool.mjs';
import { startServer } from './test-server.mjs';

const SPHINX = 'pocketsphinx==5.1.1';

/**
 * @returns as `startServer`, with `uri`, `name` and `env`
 * @throws {Error} whose message says why it cannot be had
 */
export async function startRecogniser() {
  if (!hasFlite()) {
    aptInstall('flite');
  }
  const python = join(dirname(pythonTool(SPHINX, 'pocketsphinx_lm')), 'python');
  const { port, ...server } = await startServer([python, 'test/support/recogniser.py', '{port}']);
  return { uri: `http://127.0.0.1:${port}`, name: `${SPHINX}, spoken to by flite,`, ...server, env: {} };
}

function hasFlite() {
  return spawnSync('flite', ['--version']).error === undefined;
}

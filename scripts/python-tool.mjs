// Programs from PyPI that only tests need, each in a virtual environment of its own under .cache.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PYTHONS = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];

/**
 * The path of a program, installed on first use.
 *
 * @param {string} requirement such as `secantusdb==0.7.0b3`
 * @param {string} program its name in `bin`
 * @throws {Error} whose message says why it cannot be had
 */
export function pythonTool(requirement, program) {
  const environment = resolve('.cache', requirement.replace('==', '-'));
  const path = join(environment, 'bin', program);
  if (existsSync(path)) {
    return path;
  }
  const python = PYTHONS.find(isNewEnough);
  if (!python) {
    throw new Error('it needs Python 3.11 or newer with venv');
  }
  console.error(`Installing ${requirement} in .cache (once) …`);
  try {
    execFileSync(python, ['-m', 'venv', environment], { stdio: ['ignore', 'ignore', 'pipe'] });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
    execFileSync(join(environment, 'bin', 'python'), pip, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    rmSync(environment, { recursive: true, force: true });
    const [line = error.message] = String(error.stderr ?? '')
      .trim()
      .split('\n')
      .slice(-1);
    throw new Error(`${requirement} cannot be installed: ${line}`, { cause: error });
  }
  return path;
}

function isNewEnough(python) {
  return spawnSync(python, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']).status === 0;
}

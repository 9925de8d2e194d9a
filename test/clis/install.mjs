import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LISTS = ['package.json', 'package-lock.json'];
const INSTALL_MS = 10 * 60_000;

/**
 * The folder of the programs' packages: 900 MB under .cache, installed on first use and when the lockfile changes. None of
 * their install scripts run.
 *
 * @throws {Error} whose message says why they cannot be had
 */
export function installPrograms() {
  const folder = resolve('.cache/clis');
  const modules = join(folder, 'node_modules');
  const stamp = join(folder, 'installed-package-lock.json');
  const lock = join(import.meta.dirname, 'package-lock.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(lock, 'utf8')) {
    return modules;
  }
  console.error('Installing the command line programs in .cache/clis (once) …');
  rmSync(stamp, { force: true });
  mkdirSync(folder, { recursive: true });
  LISTS.forEach(name => cpSync(join(import.meta.dirname, name), join(folder, name)));
  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--loglevel=error'];
    execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: 'pipe', timeout: INSTALL_MS });
  } catch (error) {
    const [line = error.message] = String(error.stderr ?? '')
      .trim()
      .split('\n');
    throw new Error(`they cannot be installed: ${line}`, { cause: error });
  }
  // Last, so that an install that broke off is done again.
  cpSync(lock, stamp);
  return modules;
}

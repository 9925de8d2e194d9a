import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LISTS = ['package.json', 'package-lock.json'];
const INSTALL_MS = 10 * 60_000;

/**
 * A folder under .cache with the packages that only one step of the gate needs: installed on first use and when the lockfile
 * changes, so that `npm ci` stays light. None of their install scripts run.
 *
 * @param {string} name of the folder under .cache
 * @param {string} from the folder of package.json and package-lock.json
 * @throws {Error} whose message says why they cannot be had
 */
export function cachedPackages(name, from) {
  const folder = resolve('.cache', name);
  const stamp = join(folder, 'installed-package-lock.json');
  const lock = join(from, 'package-lock.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(lock, 'utf8')) {
    return folder;
  }
  console.error(`Installing packages in .cache/${name} (once) …`);
  rmSync(stamp, { force: true });
  mkdirSync(folder, { recursive: true });
  LISTS.forEach(list => cpSync(join(from, list), join(folder, list)));
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
  return folder;
}

import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from './config.error.js';

/**
 * Makes a folder for nobody else to enter (mode 0700), and those above it that are missing. Step by step: Node's own
 * recursion never comes back from places like /proc.
 *
 * @param variable the setting that names it
 * @throws ConfigError when it cannot be made or written
 */
export function makeFolder(folder: string, variable: string): void {
  try {
    const missing: string[] = [];
    for (let at = path.resolve(folder); !existsSync(at); at = path.dirname(at)) {
      missing.unshift(at);
    }
    for (const step of missing) {
      mkdirSync(step, { mode: 0o700 });
    }
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(variable, `needs the folder ${folder}, which cannot be made or written (${code}).`);
  }
  if (!statSync(folder).isDirectory()) {
    throw new ConfigError(variable, `needs the folder ${folder}, but that is a file.`);
  }
}

/** Whether others on this machine may enter a folder; never so where the system knows no such modes. */
export function isOpenToOthers(folder: string): boolean {
  return process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0;
}

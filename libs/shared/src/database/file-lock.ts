import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isNativeError } from 'node:util/types';

const SQLITE_BUSY = 5;

/** Held by the operating system for the life of the process, so that no crash leaves a stale lock behind. */
export interface FileLock {
  release(): void;
}

/**
 * Takes a file for a lock, and makes it (mode 0600) when it is missing. Node itself has no locks, SQLite does.
 *
 * @returns null when somebody has it, this process included
 * @throws Error of SQLite or the file system when the file cannot be used
 */
export function lockFile(file: string): FileLock | null {
  let lock: DatabaseSync | null = null;
  try {
    makePrivate(file);
    lock = new DatabaseSync(file);
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const held = lock;
    return { release: () => held.isOpen && held.close() };
  } catch (error) {
    lock?.close();
    if (isNativeError(error) && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      return null;
    }
    throw error;
  }
}

/** Makes a file that is missing, for nobody else to read. One that is there is not touched: closing it would undo the locks that this process has. */
export function makePrivate(file: string): void {
  if (!existsSync(file)) {
    closeSync(openSync(file, 'ax', 0o600));
  }
}

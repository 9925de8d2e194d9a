import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type FileLock, lockFile, makeFolder } from '@app/shared';
import { batchIdOf, inOrder } from './batch-id.js';
import { RUN_MARKER } from './run-markers.js';

const LOCK = 'lock';
const SEGMENT = /\.jsonl$/;
/** In the place of a segment, had its process lived a moment longer. */
const PART = /\.part$/;
/** Of a folder that is being removed: nobody takes it any more. */
const GONE = '.gone';

/** What a process holds of the spool while it lives. */
export interface SpoolFolder {
  /** Its own, to write to. */
  readonly path: string;
  /** Its own first, then those that others left. */
  readonly paths: readonly string[];
  /** Paths of the segments that were there, each spool's in order. */
  readonly segments: readonly string[];
  /** Gives it all up. */
  release(): void;
}

/**
 * Takes a folder below this one, and those that other processes left. Gateways may share a data folder, and one that was killed
 * cannot clean up: a folder whose lock is free is nobody's any more. No file is moved: whoever is killed or comes at the same
 * time finds all of a spool in one place, and so ships it in its order.
 *
 * @throws ConfigError when there can be no such folder; Error of the file system
 */
export function takeSpoolFolder(root: string): SpoolFolder {
  makeFolder(root, 'AI_GATEWAY_DATA_DIR');
  const there = readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => path.join(root, name));
  there.filter(isGone).forEach(remove);
  const left = there.filter(folder => !isGone(folder));
  const abandoned = left.map(lockedFolder).filter(folder => folder !== null);
  const own = abandoned.shift() ?? newFolder(root);
  const folders = [own, ...abandoned.filter(folder => !isDone(folder))];
  const files = folders.flatMap(folder => readdirSync(folder.path).map(name => path.join(folder.path, name)));
  files.filter(file => PART.test(file)).forEach(file => rmSync(file));
  return {
    path: own.path,
    paths: folders.map(folder => folder.path),
    segments: files
      .filter(file => SEGMENT.test(file))
      .toSorted((a, b) => inOrder(batchIdOf(a), batchIdOf(b))),
    release: () => folders.forEach(({ lock }) => lock.release()),
  };
}

interface LockedFolder {
  readonly path: string;
  readonly lock: FileLock;
}

function newFolder(root: string): LockedFolder {
  for (;;) {
    const folder = path.join(root, randomUUID());
    mkdirSync(folder, { mode: 0o700 });
    const locked = lockedFolder(folder);
    if (locked) {
      return locked; // else another process, which starts just now, took it for one that was left
    }
  }
}

/** Null when somebody has it, or it is gone meanwhile. */
function lockedFolder(folder: string): LockedFolder | null {
  const file = path.join(folder, LOCK);
  let lock: FileLock | null = null;
  try {
    lock = existsSync(folder) ? lockFile(file) : null;
  } catch (error) {
    if (existsSync(folder)) {
      throw error;
    }
  }
  if (lock && !existsSync(file)) {
    lock.release(); // of a folder that another process has just removed
    return null;
  }
  return lock && { path: folder, lock };
}

/** Nothing in it waits any more: it is given up, and goes unless something damaged is kept there. */
function isDone({ path: folder, lock }: LockedFolder): boolean {
  const names = readdirSync(folder);
  if (names.some(name => SEGMENT.test(name) || PART.test(name) || RUN_MARKER.test(name))) {
    return false;
  }
  if (names.every(name => name.startsWith(LOCK))) {
    renameSync(folder, folder + GONE); // while it is ours
    remove(folder + GONE);
  }
  lock.release();
  return true;
}

function isGone(folder: string): boolean {
  return folder.endsWith(GONE);
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

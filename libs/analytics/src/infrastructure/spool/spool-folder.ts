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

/** A folder that is one process's own, while it lives. */
export interface SpoolFolder {
  readonly path: string;
  /** Paths of the segments that were there, each spool's in order. */
  readonly segments: readonly string[];
  readonly lock: FileLock;
}

/**
 * Takes a folder below this one, and what other processes left in theirs. Gateways may share a data folder, and one that
 * was killed cannot clean up: a folder whose lock is free is nobody's any more.
 *
 * @throws ConfigError when there can be no such folder; Error of the file system
 */
export function takeSpoolFolder(root: string): SpoolFolder {
  makeFolder(root, 'AI_GATEWAY_DATA_DIR');
  const abandoned = readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => lockedFolder(path.join(root, name)))
    .filter(folder => folder !== null);
  const own = abandoned.shift() ?? newFolder(root);
  abandoned.forEach(folder => adopt(folder, own.path));
  const names = readdirSync(own.path);
  names.filter(name => PART.test(name)).forEach(name => rmSync(path.join(own.path, name)));
  const segments = names.filter(name => SEGMENT.test(name));
  const sorted = segments.toSorted((a, b) => inOrder(batchIdOf(a), batchIdOf(b)));
  return { ...own, segments: sorted.map(name => path.join(own.path, name)) };
}

type LockedFolder = Pick<SpoolFolder, 'path' | 'lock'>;

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
  if (!existsSync(folder)) {
    return null;
  }
  const lock = lockFile(file);
  if (lock && !existsSync(file)) {
    lock.release(); // of a folder that another process has just adopted
    return null;
  }
  return lock && { path: folder, lock };
}

function isOfASpool(name: string): boolean {
  return SEGMENT.test(name) || PART.test(name) || RUN_MARKER.test(name);
}

/** What is damaged stays where it is. */
function adopt({ path: folder, lock }: LockedFolder, into: string): void {
  for (const name of readdirSync(folder).filter(isOfASpool)) {
    renameSync(path.join(folder, name), path.join(into, name));
  }
  if (readdirSync(folder).every(name => name.startsWith(LOCK))) {
    rmSync(folder, { recursive: true }); // while it is ours
  }
  lock.release();
}

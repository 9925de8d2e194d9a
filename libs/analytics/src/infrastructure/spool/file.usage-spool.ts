import { statSync } from 'node:fs';
import path from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@app/shared';
import { type SpooledCall, type SpoolSegment, UsageSpool } from '../../domain/usage-spool.js';
import { frameOf } from './frames.js';
import { SpoolFile } from './spool-file.js';
import { type SpoolFolder, takeSpoolFolder } from './spool-folder.js';

const NUMBER_DIGITS = 6;

export interface SpoolLimits {
  /** Of all that waits. */
  readonly bytes: number;
}

/** The spool as files of a folder that is this process's own. What the system was handed outlives a `kill -9`. */
export class FileUsageSpool extends UsageSpool implements OnApplicationShutdown {
  private readonly folder: SpoolFolder;
  private readonly startedAt = Date.now();
  private files = 0;
  private current: SpoolFile | null = null;
  /** Closed, since the disk took no more of them. */
  private broken: SpoolFile[] = [];
  private readonly total = { bytes: 0 };
  private isFailing = false;

  /** @throws Error of the file system when the folder cannot be used */
  constructor(
    root: string,
    private readonly logger: Logger,
    private readonly limits: SpoolLimits,
  ) {
    super();
    this.folder = takeSpoolFolder(root);
  }

  append(call: SpooledCall): boolean {
    try {
      const frame = frameOf(call);
      if (this.total.bytes + frame.length > this.limits.bytes) {
        throw new Error(`There is room for ${this.limits.bytes} bytes only.`);
      }
      this.current ??= this.newFile();
      this.current.append(frame);
      this.noteMended();
      return true;
    } catch (error) {
      this.noteFailure(error);
      return false;
    }
  }

  seal(): SpoolSegment | null {
    const files = [...this.broken, ...(this.current ? [this.current] : [])];
    this.current?.close();
    this.current = null;
    this.broken = [];
    return files.length === 0 ? null : joined(files);
  }

  leftovers(): SpoolSegment[] {
    return this.folder.segments.map(
      file => new SpoolFile(file, this.logger, this.total, statSync(file).size),
    );
  }

  /** When all that writes has flushed. */
  onApplicationShutdown(): void {
    this.seal();
    this.folder.lock.release();
  }

  /** Names grow with time, so that a later process reads them in this order. */
  private newFile(): SpoolFile {
    this.files += 1;
    const name = `${this.startedAt}-${String(this.files).padStart(NUMBER_DIGITS, '0')}.jsonl`;
    return new SpoolFile(path.join(this.folder.path, name), this.logger, this.total);
  }

  /** What comes after a line that was cut would be damaged, too: it goes into another file. */
  private noteFailure(error: unknown): void {
    if (this.current) {
      this.current.close();
      this.broken.push(this.current);
      this.current = null;
    }
    if (!this.isFailing) {
      this.isFailing = true;
      this.logger.error(
        { err: error, folder: this.folder.path },
        'The spool takes no usage records: they wait in memory, and a crash would lose them.',
      );
    }
  }

  private noteMended(): void {
    if (this.isFailing) {
      this.isFailing = false;
      this.logger.warn('The spool takes usage records again.');
    }
  }
}

function joined(files: readonly SpoolFile[]): SpoolSegment {
  return {
    read: async () => (await Promise.all(files.map(file => file.read()))).flat(),
    remove: async () => void (await Promise.all(files.map(file => file.remove()))),
  };
}

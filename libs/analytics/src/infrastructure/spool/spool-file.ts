import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { open, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from '@app/shared';
import type { BegunCall, SpooledCall } from '../../domain/usage-spool.js';
import { frameOf, framesIn } from './frames.js';

/** What the lines of a spool say. */
export type SpoolEntry = { readonly begin: BegunCall } | SpooledCall;

/** Most calls have ended by then, and nothing need be written for them. */
const SHRINK_MS = 1000;
const syncData = promisify(fdatasync);

/** One file of the spool: written to its end, closed, read if need be, and removed when nothing of it is needed. */
export class SpoolFile {
  /** Calls that were begun in it and have not ended, by id. */
  readonly begun = new Map<string, BegunCall>();
  private descriptor: number | null = null;
  private syncs = 0;
  private isNamed = false;
  private isClosing = false;
  private isDamaged = false;
  /** The store has the calls that ended in it. */
  private isShipped = false;
  /** The store knows by their ids what the next start sends once more. */
  private readonly noteLitter = (error: unknown): void =>
    this.logger.warn({ err: error }, 'A file of the spool could not be removed.');

  constructor(
    private readonly file: string,
    private readonly logger: Logger,
    /** How many bytes all files have together. */
    private readonly total: { bytes: number },
    private bytes = 0,
  ) {
    total.bytes += bytes;
  }

  /** @throws Error of the file system; nothing more may be appended then */
  append(frame: Buffer): void {
    this.descriptor ??= openSync(this.file, 'ax', 0o600);
    const written = writeSync(this.descriptor, frame);
    this.grow(written);
    if (written < frame.length) {
      throw new Error('The disk took a part only.');
    }
  }

  /** Resolves when what was appended outlives a loss of power. @throws Error of the file system */
  async sync(): Promise<void> {
    if (this.descriptor === null) {
      return;
    }
    this.syncs += 1;
    try {
      await Promise.all([syncData(this.descriptor), this.syncName()]);
    } finally {
      this.syncs -= 1;
      if (this.isClosing) {
        this.close();
      }
    }
  }

  /** @throws Error of the file system, which may report late what it could not write */
  close(): void {
    this.isClosing = true;
    if (this.descriptor !== null && this.syncs === 0) {
      const { descriptor } = this;
      this.descriptor = null;
      closeSync(descriptor);
    }
  }

  /** What is damaged is left out, told in the log, and kept aside. Never rejects. */
  async read(): Promise<SpoolEntry[]> {
    try {
      const { values, damaged } = framesIn(await readFile(this.file));
      if (damaged > 0) {
        this.setAside({ lines: damaged });
      }
      return values as SpoolEntry[];
    } catch (error) {
      this.setAside({ err: error });
      return [];
    }
  }

  /** The store has all that ended here. What was begun and goes on for long stays, in a file that has nothing else. */
  async remove(): Promise<void> {
    if (this.isDamaged) {
      await rename(this.file, `${this.file}.damaged`);
    }
    this.isShipped = true;
    if (this.begun.size === 0) {
      await this.discard();
    } else if (this.isDamaged) {
      await this.shrink();
    } else {
      setTimeout(() => this.shrink().catch(this.noteLitter), SHRINK_MS).unref();
    }
  }

  /** That call needs no trace here any more. @returns when the file goes with it. Never rejects */
  end(id: string): Promise<void> | null {
    this.begun.delete(id);
    return this.isShipped && this.begun.size === 0 ? this.discard().catch(this.noteLitter) : null;
  }

  /** To what is under way, unless the file has gone with the last of it. */
  private async shrink(): Promise<void> {
    if (this.begun.size === 0) {
      return;
    }
    const frame = frameOf([...this.begun.values()].map(begin => ({ begin })));
    const part = `${this.file}.part`;
    await writeFile(part, frame, { mode: 0o600, flush: true });
    await rename(part, this.file);
    this.grow(frame.length - this.bytes);
    if (this.begun.size === 0) {
      await this.discard();
    }
  }

  private async discard(): Promise<void> {
    this.grow(-this.bytes);
    await unlink(this.file).catch(ignoreMissing);
  }

  /** Once: else a new file could be gone, with all that is safe in it. */
  private async syncName(): Promise<void> {
    if (!this.isNamed) {
      const folder = await open(path.dirname(this.file));
      await folder.sync().finally(() => folder.close());
      this.isNamed = true;
    }
  }

  private grow(bytes: number): void {
    this.bytes += bytes;
    this.total.bytes += bytes;
  }

  /** Told once, however often it is read. */
  private setAside(why: object): void {
    if (!this.isDamaged) {
      this.isDamaged = true;
      this.logger.error(
        { file: this.file, ...why },
        'Usage records are missing: a file of the spool is damaged, or cannot be read. It is kept beside the others as .damaged.',
      );
    }
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

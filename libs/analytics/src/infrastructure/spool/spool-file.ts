import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import type { Logger } from '@app/shared';
import type { SpooledCall, SpoolSegment } from '../../domain/usage-spool.js';
import { framesIn } from './frames.js';

/** One file of the spool: written to its end, closed, read if need be, and removed. */
export class SpoolFile implements SpoolSegment {
  private descriptor: number | null = null;
  private damaged = false;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
    /** How many bytes all files have together. */
    private readonly total: { bytes: number },
    private bytes = 0,
  ) {
    total.bytes += bytes;
  }

  /** @throws Error of the file system; nothing more may be appended then */
  append(frame: Buffer): void {
    this.descriptor ??= openSync(this.path, 'ax', 0o600);
    const written = writeSync(this.descriptor, frame);
    this.bytes += written;
    this.total.bytes += written;
    if (written < frame.length) {
      throw new Error('The disk took a part only.');
    }
  }

  close(): void {
    if (this.descriptor !== null) {
      closeSync(this.descriptor);
      this.descriptor = null;
    }
  }

  async read(): Promise<SpooledCall[]> {
    try {
      const { values, damaged } = framesIn(await readFile(this.path));
      if (damaged > 0) {
        this.setAside({ lines: damaged });
      }
      return values as SpooledCall[];
    } catch (error) {
      this.setAside({ err: error });
      return [];
    }
  }

  async remove(): Promise<void> {
    await (this.damaged ? rename(this.path, `${this.path}.damaged`) : rm(this.path, { force: true }));
    this.total.bytes -= this.bytes;
    this.bytes = 0;
  }

  /** Told once, however often it is read. */
  private setAside(why: object): void {
    if (!this.damaged) {
      this.damaged = true;
      this.logger.error(
        { file: this.path, ...why },
        'Usage records are missing: a file of the spool is damaged, or cannot be read. It is kept beside the others as .damaged.',
      );
    }
  }
}

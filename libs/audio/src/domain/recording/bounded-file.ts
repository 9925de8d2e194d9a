import type { FileHandle } from 'node:fs/promises';
import { FileTokenizer, type IReadChunkOptions } from 'strtok3';

/** A parser that is after the length of a recording reads some tens of times. */
const MOST_READS = 2000;
/** The index of two hours in M4A, over which the parser takes 40 ms. */
const MOST_BYTES = 1.5 * 1024 * 1024;

/** Of a file that goes on and on, or has an index or a picture of more than that. */
export class EndlessFileError extends Error {}

/** A stranger's file, as parsers read it: whatever it says of itself, so much of it is read and no more. */
export class BoundedFile extends FileTokenizer {
  /** How often it was read, and how much. */
  reads = 0;
  bytes = 0;

  constructor(handle: FileHandle, size: number) {
    super(handle, { fileInfo: { size }, maxBufferSize: MOST_BYTES });
  }

  override async readBuffer(into: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    this.count(options?.length ?? into.length);
    return super.readBuffer(into, options);
  }

  override async peekBuffer(into: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    this.count(options?.length ?? into.length);
    return super.peekBuffer(into, options);
  }

  /** @throws EndlessFileError for a file that has its parser go on and on */
  private count(bytes: number): void {
    this.reads += 1;
    this.bytes += bytes;
    if (this.reads > MOST_READS || this.bytes > MOST_BYTES) {
      throw new EndlessFileError('The file has its parser read more than any recording does.');
    }
  }
}

import { randomUUID } from 'node:crypto';
import { createWriteStream, rm } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';

type Handled = Parameters<StorageEngine['_handleFile']>[2];

/**
 * Keeps uploads in one folder, for the gateway's eyes only (mode 0600). Multer's own storage cannot set the mode, and
 * leaves a file behind when a form breaks off while it is being opened.
 */
export class PrivateFileStorage implements StorageEngine {
  /** @param onTooLarge hears the field of a file that is longer than allowed, as soon as it is */
  constructor(
    private readonly folder: string,
    private readonly onTooLarge: (field: string) => void,
  ) {}

  _handleFile(_request: Request, { stream, fieldname }: Express.Multer.File, done: Handled): void {
    stream.once('limit', () => this.onTooLarge(fieldname));
    const name = randomUUID();
    const file = path.join(this.folder, name);
    const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    const closed = new Promise<void>(resolve => out.once('close', resolve));
    pipeline(stream, out, async error => {
      await closed; // until then the file may still be about to appear
      if (error) {
        rm(file, { force: true }, () => done(error));
      } else {
        done(null, { path: file, filename: name, destination: this.folder, size: out.bytesWritten });
      }
    });
  }

  _removeFile(_request: Request, file: Express.Multer.File, done: (error: Error | null) => void): void {
    rm(file.path, { force: true }, done);
  }
}

import { Transform, type TransformCallback } from 'node:stream';
import { BodyTooLargeError } from '@app/shared';

/** Of a body, in bytes: how many it may have, and the limit as it was set, which is what its caller is told. */
export interface BodyLimit {
  readonly bytes: number;
  readonly setBytes: number;
}

/** A body on its way to a vendor, in pieces; it fails with `BodyTooLargeError` when it is longer than allowed. */
export class LimitedBody extends Transform {
  private size = 0;

  constructor(private readonly limit: BodyLimit) {
    super();
    // Whoever reads it hears of a failure from the request that it belongs to.
    this.on('error', () => undefined);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.limit.bytes) {
      done(new BodyTooLargeError(this.limit.setBytes));
    } else {
      done(null, chunk);
    }
  }
}

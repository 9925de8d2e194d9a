import { Transform, type TransformCallback } from 'node:stream';
import { BodyTooLargeError } from '@app/shared';

/** A body on its way to a vendor, in pieces; it fails with `BodyTooLargeError` when it is longer than allowed. */
export class LimitedBody extends Transform {
  private size = 0;

  constructor(private readonly limitBytes: number) {
    super();
    // Whoever reads it hears of a failure from the request that it belongs to.
    this.on('error', () => undefined);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.limitBytes) {
      done(new BodyTooLargeError(this.limitBytes));
    } else {
      done(null, chunk);
    }
  }
}

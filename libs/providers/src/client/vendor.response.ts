import { UpstreamError } from '@app/shared';
import type { Dispatcher } from 'undici';
import type { Tape } from './tape.js';

type Controller = Dispatcher.DispatchController;
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Takes the body of a response as it comes. */
export interface BodySink {
  /**
   * @param isLast nothing comes behind it: `end` follows at once
   * @returns false to have the vendor wait until `resume()`
   */
  data(chunk: Buffer, isLast: boolean): boolean;
  end(): void;
  /** The body broke off. */
  fail(error: Error): void;
}

/** Of a body that has not begun. */
const HELD_BYTES = 65_536;

const deaf: BodySink = { data: () => true, end: () => undefined, fail: () => undefined };

/**
 * A vendor's response whose status has come and whose body is on its way. What came in one read of the socket is handed
 * over in one piece: fifty events at once cost the caller's side one write, and one that came alone waits for nothing.
 */
export class VendorResponse {
  private waiting: Buffer[] = [];
  private ended = false;
  private failure: Error | null = null;
  private sink: BodySink | null = null;
  private onPiece: (() => void) | null = null;
  private recorder: Tape | null = null;

  constructor(
    readonly status: number,
    readonly headers: Headers,
    private readonly controller: Controller,
  ) {}

  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'string' ? value : value?.[0];
  }

  /**
   * Resolves when enough of the body is there to hand it on, or its end.
   *
   * @param token what it must have, as latin1; null: anything. A vendor that never says it is not waited for beyond 64 kB.
   * @throws UpstreamError when it breaks off before
   */
  begun(token: RegExp | null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onPiece = () => {
        if (this.failure) {
          reject(this.failure);
        } else if (this.ended || this.hasBegun(token)) {
          resolve();
        } else {
          return;
        }
        this.onPiece = null;
      };
      this.onPiece();
    });
  }

  /** The whole body, which has come to its end and waits to be taken; null while more may come, or when it was taken. */
  held(): Buffer | null {
    return this.ended && !this.sink ? Buffer.concat(this.waiting) : null;
  }

  /** Hands the body to a sink, which sees all of it, once. */
  pipe(sink: BodySink): void {
    this.sink = sink;
    this.deliver();
    if (this.failure) {
      sink.fail(this.failure);
    } else if (this.ended) {
      sink.end();
    }
  }

  /** Takes down the body as it comes from the network. Before `pipe`. */
  record(tape: Tape): void {
    this.waiting.forEach(piece => tape.push(piece));
    if (this.failure ?? this.ended) {
      tape.close(this.failure ?? 'ended');
    }
    this.recorder = tape;
  }

  /** The whole body, without a byte order mark, at which parsers of JSON stop. @throws UpstreamError when it breaks off or passes the limit (bytes) */
  collect(vendor: string, limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      this.pipe({
        data: chunk => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > limit) {
            this.abort();
            reject(
              new UpstreamError({
                vendor,
                upstreamStatus: null,
                message: `The answer of '${vendor}' is too large.`,
              }),
            );
          }
          return true;
        },
        end: () =>
          resolve(withoutMark(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size))),
        fail: reject,
      });
    });
  }

  resume(): void {
    this.controller.resume();
  }

  /** Hangs up; the vendor stops generating, and the sink hears no more: its owner knows why. */
  abort(): void {
    const hungUp = new Error('The gateway hung up.');
    this.sink = deaf;
    this.recorder?.close(hungUp);
    this.controller.abort(hungUp);
  }

  /** For the client only. */
  onData(chunk: Buffer): void {
    this.waiting.push(chunk);
    this.recorder?.push(chunk);
    this.onPiece?.();
    if (this.sink && this.waiting.length === 1) {
      process.nextTick(deliver, this);
    }
  }

  /** For the client only. */
  onEnd(): void {
    this.ended = true;
    this.recorder?.close('ended');
    this.onPiece?.();
    this.deliver();
    this.sink?.end();
  }

  /** For the client only. */
  onFailure(error: Error): void {
    this.failure = error;
    this.recorder?.close(error);
    this.onPiece?.();
    this.deliver();
    this.sink?.fail(error);
  }

  private hasBegun(token: RegExp | null): boolean {
    const held = Buffer.concat(this.waiting);
    return held.length > HELD_BYTES || (token ? token.test(held.toString('latin1')) : held.length > 0);
  }

  /** For `deliver` only. */
  deliver(): void {
    const { waiting, sink } = this;
    const [first] = waiting;
    if (!sink || !first) {
      return;
    }
    this.waiting = [];
    if (!sink.data(waiting.length === 1 ? first : Buffer.concat(waiting), this.ended)) {
      this.controller.pause();
    }
  }
}

function deliver(response: VendorResponse): void {
  response.deliver();
}

/** In UTF-8: EF BB BF. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

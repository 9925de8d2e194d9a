import type { Dispatcher } from 'undici';
import { type BodySink, VendorResponse } from './vendor.response.js';

/** A body that came before. */
export interface EarlierBody {
  readonly contentType: string;
  readonly body: Buffer;
  /** How it came, in bytes: the length of each piece. */
  readonly pieces: readonly number[];
}

/** Nobody is behind it. */
const NOBODY: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  pause: () => undefined,
  resume: () => undefined,
  abort: () => undefined,
};

/** A vendor's answer that comes once more, piece by piece as it came, at the pace of its sink. */
export class ReplayedResponse extends VendorResponse {
  private reader: BodySink | null = null;
  private waits = false;
  private piece = 0;
  private at = 0;

  /** @param signal breaks it off */
  constructor(
    private readonly earlier: EarlierBody,
    private readonly signal: AbortSignal,
  ) {
    super(200, { 'content-type': earlier.contentType }, NOBODY);
  }

  override pipe(sink: BodySink): void {
    this.reader = sink;
    this.signal.addEventListener('abort', this.leave, { once: true });
    if (this.signal.aborted) {
      this.leave();
    } else {
      this.play();
    }
  }

  override resume(): void {
    this.waits = false;
    this.play();
  }

  override abort(): void {
    this.take();
  }

  private readonly leave = (): void => this.take()?.fail(new Error('The caller left.'));

  private play(): void {
    const { body, pieces } = this.earlier;
    while (this.reader && !this.waits && this.piece < pieces.length) {
      const from = this.at;
      this.at += pieces[this.piece] ?? 0;
      this.piece += 1;
      const isLast = this.piece === pieces.length;
      this.waits = !this.reader.data(body.subarray(from, this.at), isLast) && !isLast;
    }
    if (!this.waits) {
      this.take()?.end();
    }
  }

  /** The reader, who hears nothing after what it is told now. */
  private take(): BodySink | null {
    const { reader } = this;
    this.reader = null;
    this.signal.removeEventListener('abort', this.leave);
    return reader;
  }
}

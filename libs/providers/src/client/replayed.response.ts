import type { Dispatcher } from 'undici';
import type { Tape } from './tape.js';
import { type BodySink, VendorResponse } from './vendor.response.js';

/** Nobody is behind it. */
const NOBODY: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  pause: () => undefined,
  resume: () => undefined,
  abort: () => undefined,
};

/** A vendor's answer that comes once more, piece by piece as it came, or comes, at the pace of its sink. */
export class ReplayedResponse extends VendorResponse {
  private reader: BodySink | null = null;
  private waits = false;
  private piece = 0;
  /** Until the next piece may go. */
  private pause: NodeJS.Timeout | null = null;

  /**
   * @param signal breaks it off
   * @param pauseMs between two pieces; null: none
   */
  constructor(
    contentType: string,
    private readonly tape: Tape,
    private readonly signal: AbortSignal,
    private readonly pauseMs: number | null = null,
  ) {
    super(200, { 'content-type': contentType }, NOBODY);
  }

  override pipe(sink: BodySink): void {
    this.reader = sink;
    this.signal.addEventListener('abort', this.leave, { once: true });
    this.tape.add(this.play);
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

  private readonly play = (): void => {
    const { pieces, over } = this.tape;
    while (this.reader && !this.waits && !this.pause && this.piece < pieces.length) {
      const piece = pieces[this.piece] as Buffer;
      this.piece += 1;
      const isLast = over === 'ended' && this.piece === pieces.length;
      this.waits = !this.reader.data(piece, isLast) && !isLast;
      this.rest(isLast);
    }
    if (this.waits || this.pause || over === null) {
      return;
    }
    if (over === 'ended') {
      this.take()?.end();
    } else {
      this.take()?.fail(over);
    }
  };

  private rest(isLast: boolean): void {
    if (this.pauseMs !== null && this.reader && !isLast) {
      this.pause = setTimeout(() => {
        this.pause = null;
        this.play();
      }, this.pauseMs);
    }
  }

  /** The reader, who hears nothing after what it is told now. */
  private take(): BodySink | null {
    const { reader } = this;
    this.reader = null;
    clearTimeout(this.pause ?? undefined);
    this.pause = null;
    this.tape.remove(this.play);
    this.signal.removeEventListener('abort', this.leave);
    return reader;
  }
}

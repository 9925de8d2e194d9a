import type { ServerResponse } from 'node:http';
import { FRAMES, type Written } from './feed-frames.js';

/** So much waits for a watcher who reads slowly; what comes then is not sent, and that is told. */
const MOST_WAITING_BYTES = 64 * 1024;

/** Somebody who watches the feed, over HTTP. */
export class FeedWatcher {
  private missed = 0;

  /** @param projectId null: all of them */
  constructor(
    readonly projectId: string | null,
    private readonly response: ServerResponse,
  ) {}

  open(): void {
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.response.write(FRAMES.opening);
  }

  /** Never waits. */
  send({ bytes, calls }: Written): void {
    if (bytes.length === 0 || this.response.writableEnded) {
      return;
    }
    if (this.response.writableLength > MOST_WAITING_BYTES) {
      this.missed += calls;
      return;
    }
    if (this.missed > 0) {
      this.response.write(FRAMES.missed(this.missed));
      this.missed = 0;
    }
    this.response.write(bytes);
  }

  /** What was missed while nobody watched is not known. */
  tellGap(): void {
    this.response.write(FRAMES.missed(null));
  }

  /** @param reason that programs can read */
  end(reason: string): void {
    this.response.end(FRAMES.end(reason));
  }
}

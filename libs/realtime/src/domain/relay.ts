import { createHistogram } from 'node:perf_hooks';
import type { RelayFacts } from '@app/analytics';
import { wholeCount } from '@app/dialects';
import type { SocketMessage } from '@app/providers';
import { WebSocket } from 'ws';

/** So much waits for a side that reads slowly; then the other one is not read either, and models wait. */
export const MOST_WAITING_BYTES = 1024 * 1024;
/** Of a frame; what waits longer counts as that. */
const LONGEST_US = 60_000_000;

/** Passes on what the sides of a session say, and knows how long that took. What it measures is kept in no object of a frame's own. */
export class Relay {
  private readonly held = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 2 });
  /** Monotonic ms. */
  private arrivedAt = performance.now();
  private pausedAt: number | null = null;
  private pausedMs = 0;

  /** A frame has come: what is passed on from now on was held since then. */
  arrived(): void {
    this.arrivedAt = performance.now();
  }

  /** Sends what one side says to the other, at the pace of who hears it. */
  pass(from: WebSocket, to: WebSocket, { data, isBinary }: SocketMessage): void {
    if (to.readyState !== WebSocket.OPEN) {
      return;
    }
    if (to.bufferedAmount < MOST_WAITING_BYTES) {
      to.send(data, { binary: isBinary });
      this.passed(this.arrivedAt);
      return;
    }
    const { arrivedAt } = this;
    from.pause();
    this.paused();
    to.send(data, { binary: isBinary }, () => {
      this.passed(arrivedAt);
      this.resumed();
      from.resume();
    });
  }

  /** A frame was handed to the other side. @param since it came, in monotonic ms */
  passed(since: number): void {
    const us = Math.round((performance.now() - since) * 1000);
    this.held.record(Math.min(Math.max(us, 1), LONGEST_US));
  }

  /** A side is not read, since the other one is slow. */
  paused(): void {
    this.pausedAt ??= performance.now();
  }

  /** It is read again. */
  resumed(): void {
    this.pausedMs += this.pausedAt === null ? 0 : performance.now() - this.pausedAt;
    this.pausedAt = null;
  }

  get facts(): RelayFacts {
    const { count, mean } = this.held;
    return {
      frames: count,
      meanUs: count === 0 ? 0 : wholeCount(mean),
      p99Us: count === 0 ? 0 : this.held.percentile(99),
      pausedMs: wholeCount(this.pausedMs),
    };
  }
}

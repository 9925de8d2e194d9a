import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fault } from '../faults.js';
import { NO_FAULT } from '../faults.js';

const DRIP_BYTES = 8;

/** The way out of every byte of a body: obeys backpressure, and the faults that strike bytes. */
export class Reply {
  /** The connection was destroyed by a scripted fault, not by the caller. */
  wasCut = false;
  private fault: Fault = NO_FAULT;
  private more: OutgoingHttpHeaders = {};
  private sent = 0;

  constructor(private readonly response: ServerResponse) {}

  get gone(): boolean {
    return this.response.destroyed;
  }

  suffer(fault: Fault): void {
    this.fault = fault;
  }

  /** Headers of any answer to come. */
  addHeaders(headers: OutgoingHttpHeaders): void {
    this.more = headers;
  }

  start(status: number, headers: OutgoingHttpHeaders): void {
    this.response.writeHead(status, { ...headers, ...this.more });
  }

  /** Breaks the connection without a word. */
  drop(): void {
    this.wasCut = true;
    this.response.destroy();
  }

  /** Sends a whole body. */
  async send(status: number, headers: OutgoingHttpHeaders, body: string): Promise<void> {
    if (this.fault.endEarly) {
      this.start(status, headers);
    } else {
      this.start(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    }
    if (await this.write(this.fault.endEarly ? firstHalf(body) : body)) {
      this.end();
    }
  }

  /** Sends a part of a body; false once there is nobody to send to. */
  async write(data: string | Buffer): Promise<boolean> {
    if (this.fault.cut === undefined && this.fault.stall === undefined && this.fault.drip === undefined) {
      return this.put(data);
    }
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const limit = Math.min(this.fault.cut ?? Infinity, this.fault.stall ?? Infinity);
    const step = this.fault.drip === undefined ? bytes.length : DRIP_BYTES;
    for (let from = 0; from < bytes.length; from += step) {
      const piece = bytes.subarray(from, Math.min(from + step, from + limit - this.sent));
      if (piece.length > 0 && !(await this.put(piece))) {
        return false;
      }
      this.sent += piece.length;
      if (this.sent >= limit) {
        await this.breakOff();
        return false;
      }
      if (this.fault.drip !== undefined) {
        await this.pause(this.fault.drip);
      }
    }
    return !this.gone;
  }

  /** Waits, unless the caller leaves first; false if it did. */
  pause(milliseconds: number): Promise<boolean> {
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer);
        this.response.off('close', done);
        resolve(!this.gone);
      };
      const timer = setTimeout(done, this.gone ? 0 : milliseconds);
      this.response.once('close', done);
    });
  }

  end(): void {
    this.response.end();
  }

  private async put(data: string | Buffer): Promise<boolean> {
    if (!this.gone && data.length > 0 && !this.response.write(data)) {
      await firstOf(this.response, 'drain', 'close');
    }
    return !this.gone;
  }

  /** Cuts the connection, or keeps silent until the caller has had enough. */
  private async breakOff(): Promise<void> {
    this.response.flushHeaders();
    if (this.fault.cut === undefined) {
      await firstOf(this.response, 'close');
      return;
    }
    this.wasCut = true;
    // Node gathers the chunks of one tick; they have to reach the socket before it closes.
    await nextTurn();
    this.response.socket?.destroySoon();
  }
}

/** Resolves at the first of the events; at once when the response is closed already. */
function firstOf(response: ServerResponse, ...events: readonly string[]): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      events.forEach(event => response.off(event, done));
      resolve();
    };
    if (response.closed) {
      resolve();
    } else {
      events.forEach(event => response.on(event, done));
    }
  });
}

export function firstHalf(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

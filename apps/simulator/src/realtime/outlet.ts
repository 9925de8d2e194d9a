import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { RawData, WebSocket } from 'ws';
import type { Fault } from '../faults.js';
import { firstHalf } from '../http/reply.js';

/** Which frame of an answer comes out broken: late enough for the answer to have begun. */
const MALFORMED_FRAME = 1;
const CLOSED_BY_FAULT = 'Simulated failure.';

/** What is sent in one frame, as JSON. */
export type Message = Readonly<Record<string, unknown>>;

/** The way out of every frame of one connection. It obeys backpressure. */
export class Outlet {
  /** The connection was ended by a scripted fault, not by the caller. */
  wasCut = false;
  private isSilent = false;
  private readonly left = new AbortController();

  /** @param binary the vendor sends its JSON in binary frames */
  constructor(
    private readonly socket: WebSocket,
    private readonly binary: boolean,
  ) {
    socket.once('close', () => this.left.abort());
    // What breaks the rules of WebSockets closes the connection by itself.
    socket.on('error', () => undefined);
  }

  /** Hears one message after the other: while one is taken, no more are read than came with it. */
  onMessage(take: (data: string) => Promise<void>): void {
    let pending = Promise.resolve();
    let waiting = 0;
    const takeNext = async (before: Promise<void>, data: string): Promise<void> => {
      await before;
      await take(data).catch(() => this.fail());
      waiting--;
      if (waiting === 0) {
        this.socket.resume();
      }
    };
    this.socket.on('message', (data: RawData) => {
      waiting++;
      this.socket.pause();
      pending = takeNext(pending, data.toString());
    });
  }

  onClose(then: () => void): void {
    this.socket.once('close', then);
  }

  get gone(): boolean {
    return this.socket.readyState !== this.socket.OPEN;
  }

  /** Sends one message; false once there is nobody to send to. */
  send(message: Message): Promise<boolean> {
    return this.put(JSON.stringify(message));
  }

  async put(data: string): Promise<boolean> {
    if (!this.gone && !this.isSilent) {
      await new Promise<void>(resolve => {
        this.socket.send(data, { binary: this.binary }, () => resolve());
      });
    }
    return !this.gone;
  }

  /** Waits, unless the caller leaves first; false if it did. */
  async pause(milliseconds: number): Promise<boolean> {
    await sleep(milliseconds, undefined, { signal: this.left.signal }).catch(() => undefined);
    return !this.gone;
  }

  /** Nothing more is said, and the connection stays open. */
  fallSilent(): void {
    this.isSilent = true;
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** What must not happen has happened. */
  fail(): void {
    this.close(1011, 'Internal error.');
  }

  closeByFault(code: number): void {
    this.wasCut = true;
    this.close(code, CLOSED_BY_FAULT);
  }

  /** Breaks the connection in the middle of a message. */
  async cut(begun: string): Promise<void> {
    this.wasCut = true;
    if (begun !== '' && !this.gone) {
      await new Promise<void>(resolve => {
        this.socket.send(begun, { binary: this.binary, fin: false }, () => resolve());
      });
    }
    this.socket.terminate();
  }
}

/** The way out of the frames of one answer: the faults that strike frames strike here. */
export class AnswerOutlet {
  private frames = 0;
  private bytes = 0;

  constructor(
    private readonly outlet: Outlet,
    readonly fault: Fault,
  ) {}

  /** Waits for as long as a fault says. */
  begin(): Promise<boolean> {
    return this.fault.delay === undefined
      ? Promise.resolve(!this.outlet.gone)
      : this.outlet.pause(this.fault.delay);
  }

  /** Sends one message; false when the answer is over, whoever ended it. */
  async send(message: Message): Promise<boolean> {
    const { fault, outlet } = this;
    const whole = JSON.stringify(message);
    if (await this.breakOff(whole)) {
      return false;
    }
    const isBroken = fault.malformed !== undefined && this.frames === MALFORMED_FRAME;
    this.frames += 1;
    this.bytes += Buffer.byteLength(whole);
    const alive = await outlet.put(isBroken ? firstHalf(whole) : whole);
    // Whoever speaks in between is heard in between.
    await nextTurn();
    return alive && (fault.pace === undefined || outlet.pause(fault.pace));
  }

  /** True when a fault ends the answer before this frame, or in it. */
  private async breakOff(whole: string): Promise<boolean> {
    const { fault, outlet, frames } = this;
    const framesLeft = Math.min(fault.cutFrames ?? Infinity, fault.stallFrames ?? Infinity) - frames;
    const bytesLeft = Math.min(fault.cut ?? Infinity, fault.stall ?? Infinity) - this.bytes;
    const isOver = framesLeft <= 0 || Buffer.byteLength(whole) > bytesLeft;
    if (fault.close !== undefined && (isOver || fault.cutFrames === undefined)) {
      outlet.closeByFault(fault.close);
      return true;
    }
    if (!isOver) {
      return false;
    }
    if (fault.cut === undefined && fault.cutFrames === undefined) {
      outlet.fallSilent();
    } else {
      await outlet.cut(framesLeft <= 0 ? '' : Buffer.from(whole).toString('utf8', 0, bytesLeft));
    }
    return true;
  }
}

import type { WebSocket } from 'ws';
import { Relay } from './relay.js';

const OPEN = 1;
const CLOSED = 3;
const FRAME = { data: Buffer.from('x'), isBinary: false };

/** One side, as far as a relay knows it. */
class Side {
  readonly log: string[] = [];
  private readonly flushing: (() => void)[] = [];

  constructor(
    readonly bufferedAmount = 0,
    readonly readyState = OPEN,
  ) {}

  send(_data: Buffer, _options: object, flushed?: () => void): void {
    this.log.push('sent');
    if (flushed) {
      this.flushing.push(flushed);
    }
  }

  flush(): void {
    this.flushing.splice(0).forEach(flushed => flushed());
  }

  pause(): void {
    this.log.push('paused');
  }

  resume(): void {
    this.log.push('resumed');
  }

  get socket(): WebSocket {
    return this as unknown as WebSocket;
  }
}

const busy = (): Side => new Side(2 * 1024 * 1024);

describe('Relay', () => {
  it('counts what it passes on, and nothing else', () => {
    const relay = new Relay();
    const [from, to] = [new Side(), new Side()];
    for (let frame = 0; frame < 3; frame += 1) {
      relay.arrived();
      relay.pass(from.socket, to.socket, FRAME);
    }
    relay.pass(from.socket, new Side(0, CLOSED).socket, FRAME);

    expect(to.log).toEqual(['sent', 'sent', 'sent']);
    expect(from.log).toEqual([]);
    expect(relay.facts).toMatchObject({ frames: 3, pausedMs: 0 });
  });

  it('holds a frame until a slow side has it, and does not read the other one meanwhile', () => {
    const relay = new Relay();
    const [from, to] = [new Side(), busy()];
    relay.arrived();
    relay.pass(from.socket, to.socket, FRAME);

    expect(from.log).toEqual(['paused']);
    expect(relay.facts.frames).toBe(0);
    to.flush();
    expect(from.log).toEqual(['paused', 'resumed']);
    expect(relay.facts.frames).toBe(1);
  });

  it('counts the time that a frame was held, and a side not read', () => {
    const relay = new Relay();
    const [from, to] = [new Side(), busy()];
    relay.arrived();
    relay.pass(from.socket, to.socket, FRAME);
    const since = performance.now();
    while (performance.now() - since < 3) {
      // the other side is slow
    }
    to.flush();
    const { meanUs, p99Us, pausedMs } = relay.facts;

    expect(Math.min(meanUs, p99Us)).toBeGreaterThanOrEqual(2900);
    expect(pausedMs).toBeGreaterThanOrEqual(3);
  });

  it('has nothing to tell of a session in which nothing was said', () => {
    expect(new Relay().facts).toEqual({ frames: 0, meanUs: 0, p99Us: 0, pausedMs: 0 });
  });
});

import type { CallerReply } from '../caller-reply.js';

/** The reply to a caller who may leave, or read slowly, while others wait for the same answer: it is written to its end all the same. */
export class LastingReply implements CallerReply {
  private isLeft = false;
  private isBegun = false;
  private waiting: (() => void)[] = [];

  /** @param isShared whether others wait for the answer */
  constructor(
    private readonly reply: CallerReply,
    private readonly isShared: () => boolean,
  ) {}

  get headersSent(): boolean {
    return this.isBegun || this.reply.headersSent;
  }

  get destroyed(): boolean {
    return !this.isLeft && this.reply.destroyed;
  }

  setHeader(name: string, value: string | number): void {
    if (!this.isLeft) {
      this.reply.setHeader?.(name, value);
    }
  }

  writeHead(status: number, headers: Readonly<Record<string, string | number>>): void {
    this.isBegun = true;
    if (!this.isLeft) {
      this.reply.writeHead(status, headers);
    }
  }

  write(chunk: Buffer | string): boolean {
    return this.isLeft || this.reply.write(chunk) || this.isShared();
  }

  end(chunk?: Buffer | string): void {
    if (!this.isLeft) {
      this.reply.end(chunk);
    }
  }

  once(event: 'drain', listener: () => void): void {
    this.waiting.push(listener);
    this.reply.once(event, () => this.goOn());
  }

  /** Its caller is gone: what is written is for the others alone. */
  leave(): void {
    this.isLeft = true;
    this.goOn();
  }

  /** Nobody waits for its caller any more. */
  goOn(): void {
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach(listener => listener());
  }
}

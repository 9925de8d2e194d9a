import type { GenerationInput } from '../generation-input.js';
import { AwaitedAnswer } from './awaited-answer.js';
import { LastingReply } from './lasting-reply.js';

/** Whose call it is, and where the answer goes. */
export type FlightCaller = Pick<GenerationInput, 'call' | 'reply'>;

/**
 * A call that others follow, who ask the same. It goes on until it has its answer, also when its own caller has left, as long as
 * anybody waits for that; its own caller may read slowly, and keeps nobody waiting.
 */
export class Flight extends AwaitedAnswer {
  /** As the call has to be made. */
  readonly made: FlightCaller;
  private readers = 1;
  private isShared = false;
  private readonly reply: LastingReply;
  private readonly abandoned = new AbortController();
  private readonly landed = Promise.withResolvers<void>();

  constructor(private readonly caller: FlightCaller) {
    super();
    const { call, reply } = caller;
    this.reply = new LastingReply(reply, () => this.isShared);
    this.made = { reply: this.reply, call: { ...call, signal: this.abandoned.signal } };
    const leave = (): void => {
      this.reply.leave();
      this.leave(call.signal.reason);
    };
    if (call.signal.aborted) {
      leave();
    } else {
      call.signal.addEventListener('abort', leave, { once: true });
    }
  }

  override join(): void {
    this.readers += 1;
    if (!this.isShared) {
      this.isShared = true;
      this.caller.call.staysFor?.(this.landed.promise);
      this.reply.goOn();
    }
  }

  /** When nobody waits any more, the vendor is hung up on. @param reason of who left last */
  override leave(reason?: unknown): void {
    this.readers -= 1;
    if (this.readers === 0 && !this.isOver) {
      this.abandoned.abort(reason);
    }
  }

  override land(error: unknown = null): void {
    super.land(error);
    this.landed.resolve();
  }
}

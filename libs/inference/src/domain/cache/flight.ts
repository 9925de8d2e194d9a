import type { CallMeter } from '@app/analytics';
import type { CachedAnswer } from '@app/optimization';
import type { Tape } from '@app/providers';
import { UpstreamError } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import { LastingReply } from './lasting-reply.js';

/** What a vendor answers, or answered, and who it is. */
export interface TapedAnswer extends Pick<
  CachedAnswer,
  'vendor' | 'model' | 'dialect' | 'contentType' | 'callId' | 'simulated'
> {
  readonly tape: Tape;
}

/** What a vendor is answering to a call. */
export interface LiveAnswer extends TapedAnswer {
  /** Of that call. */
  readonly meter: CallMeter;
}

/**
 * A call that others follow, who ask the same. It goes on until it has its answer, also when its own caller has left, as long as
 * anybody waits for that; its own caller may read slowly, and keeps nobody waiting.
 */
export class Flight {
  /** As the call has to be made. */
  readonly input: GenerationInput;
  /** The vendor's failure that is everybody's; null when there is none, and whoever waits makes the call anew. */
  failure: UpstreamError | null = null;
  private live: LiveAnswer | null = null;
  private isOver = false;
  private readers = 1;
  private isShared = false;
  private readonly reply: LastingReply;
  private readonly abandoned = new AbortController();
  private readonly landed = Promise.withResolvers<void>();
  private change = Promise.withResolvers<void>();

  constructor(private readonly caller: GenerationInput) {
    const { call, reply } = caller;
    this.reply = new LastingReply(reply, () => this.isShared);
    this.input = { ...caller, reply: this.reply, call: { ...call, signal: this.abandoned.signal } };
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

  /** One more waits for the answer, until it leaves. */
  join(): void {
    this.readers += 1;
    if (!this.isShared) {
      this.isShared = true;
      this.caller.call.staysFor?.(this.landed.promise);
      this.reply.goOn();
    }
  }

  /** When nobody waits any more, the vendor is hung up on. @param reason of who left last */
  leave(reason?: unknown): void {
    this.readers -= 1;
    if (this.readers === 0 && !this.isOver) {
      this.abandoned.abort(reason);
    }
  }

  /**
   * Who answers, once somebody does; null when nobody will.
   *
   * @throws the reason of the signal
   */
  async answering(signal: AbortSignal): Promise<LiveAnswer | null> {
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      signal.throwIfAborted();
      while (!this.hasAnswer() && !this.isOver) {
        await Promise.race([this.change.promise, left]);
      }
      return this.hasAnswer() ? this.live : null;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** A vendor has begun; another one than before when that broke off. */
  isAnsweredBy(live: LiveAnswer): void {
    this.live = live;
    this.tell();
  }

  /** The call is over. @param error of a call that failed */
  land(error: unknown = null): void {
    this.isOver = true;
    this.failure = error instanceof UpstreamError ? error : null;
    this.tell();
    this.landed.resolve();
  }

  private hasAnswer(): boolean {
    return this.live !== null && !(this.live.tape.over instanceof Error);
  }

  private tell(): void {
    this.change.resolve();
    this.change = Promise.withResolvers();
  }
}

import type { DialectId } from '@app/dialects';
import type { CachedAnswer } from '@app/optimization';
import type { Tape } from '@app/providers';
import { UpstreamError } from '@app/shared';
import type { Exchange } from '../exchange.js';

/** Who answers, or answered. */
export interface AnswerFacts extends Pick<
  CachedAnswer,
  'vendor' | 'model' | 'contentType' | 'callId' | 'simulated'
> {
  /** What it is written in. */
  readonly dialect: DialectId;
}

export function factsOf({ call, route, endpoint, response }: Exchange): AnswerFacts {
  return {
    vendor: route.vendor.id,
    model: route.target.model,
    dialect: route.dialect.id,
    contentType: response.header('content-type') ?? '',
    callId: call.id,
    simulated: endpoint.simulated,
  };
}

/** What a vendor answers, or answered, and who it is. */
export interface TapedAnswer extends AnswerFacts, Pick<CachedAnswer, 'refusal'> {
  readonly tape: Tape;
}

/** What a vendor is answering to a call. */
export interface LiveAnswer extends TapedAnswer {
  /** What that call costs, as far as it is known. */
  readonly costNanoUsd: () => number | null;
}

/** The answer to a call that others wait for who ask the same; their call is made by this gateway or another one. */
export abstract class AwaitedAnswer {
  /** The vendor's failure that is everybody's; null when there is none, and whoever waits makes the call anew. */
  failure: UpstreamError | null = null;
  private live: LiveAnswer | null = null;
  private over = false;
  private change = Promise.withResolvers<void>();

  /** One more waits for the answer, until it leaves. */
  abstract join(): void;

  /** @param reason of who left */
  abstract leave(reason?: unknown): void;

  get isOver(): boolean {
    return this.over;
  }

  /** Whoever makes the call may be gone: nobody new is to follow it. */
  get isDoubted(): boolean {
    return false;
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
      while (!this.hasAnswer() && !this.over) {
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
    this.over = true;
    this.failure = error instanceof UpstreamError ? error : null;
    this.tell();
  }

  private hasAnswer(): boolean {
    return this.live !== null && !(this.live.tape.over instanceof Error);
  }

  private tell(): void {
    this.change.resolve();
    this.change = Promise.withResolvers();
  }
}

import { Tape } from '@app/providers';
import { UpstreamError } from '@app/shared';
import { AwaitedAnswer } from './awaited-answer.js';
import type { News } from './flight-mail.js';

/** Rounds in which a gateway that works on a call says nothing before it is taken for gone. */
const SILENT_ROUNDS = 5;
/** That it works on it, it says at once. */
const FIRST_SILENT_ROUNDS = 2;

/** A call of another gateway that callers of this one follow; its answer comes in the mail, and is taken down once for all of them. */
export class RemoteFlight extends AwaitedAnswer {
  private readers = 0;
  private tape: Tape | null = null;
  private vendor = '';
  private costNanoUsd: number | null = null;
  /** Of the last news. */
  private number = 0;
  private isHeard = false;
  private silentRounds = 0;

  /** @param limitBytes of an answer that nobody reads @param onOver hears whether the other gateway knows that it is */
  constructor(
    private readonly limitBytes: number,
    private readonly onOver: (isKnown: boolean) => void,
  ) {
    super();
  }

  override join(): void {
    this.readers += 1;
  }

  override leave(): void {
    this.readers -= 1;
    this.endUnread();
  }

  hear(news: News, body: Buffer): void {
    this.isHeard = true;
    this.silentRounds = 0;
    const isMissing = news.number > this.number + (news.isBeat ? 0 : 1);
    if (this.isOver || news.isUnknown || isMissing) {
      this.lose();
    } else if (news.number > this.number) {
      this.number = news.number;
      this.take(news, body);
    }
  }

  /** A round of time has passed. @param isReached whether mail goes there and back */
  pass(isReached: boolean): void {
    this.silentRounds += 1;
    const isSilent = this.silentRounds > (this.isHeard ? SILENT_ROUNDS : FIRST_SILENT_ROUNDS);
    // What has begun may go on: mail that was not delivered is sent again.
    if (isSilent || (!isReached && this.tape === null)) {
      this.lose();
    }
    this.endUnread();
  }

  /** The other gateway is gone: whoever has no byte of the answer asks anew. */
  lose(): void {
    if (!this.isOver) {
      this.breakOff(null);
      this.end(null, false);
    }
  }

  private end(failure: UpstreamError | null, isKnown: boolean): void {
    this.land(failure);
    this.onOver(isKnown);
  }

  private take({ answer, isLost, pieces, end, failure, costNanoUsd, isOver }: News, body: Buffer): void {
    if (answer) {
      const tape = new Tape(this.limitBytes);
      tape.isLost = isLost ?? false;
      this.tape = tape;
      this.vendor = answer.vendor;
      this.isAnsweredBy({ ...answer, tape, costNanoUsd: () => this.costNanoUsd });
    }
    let at = 0;
    for (const length of pieces ?? []) {
      this.tape?.push(body.subarray(at, at + length));
      at += length;
    }
    this.costNanoUsd = costNanoUsd ?? null;
    if (end === 'ended') {
      this.tape?.close('ended');
    } else if (end === 'broke') {
      this.breakOff(failure ? new UpstreamError(failure) : null);
    }
    if (isOver) {
      this.end(end === undefined && failure ? new UpstreamError(failure) : null, true);
    }
  }

  private breakOff(failure: UpstreamError | null): void {
    const { vendor } = this;
    const message = `The gateway that had the answer of '${vendor}' is gone. Try again.`;
    this.tape?.close(failure ?? new UpstreamError({ vendor, upstreamStatus: null, message }));
  }

  private endUnread(): void {
    if (this.readers === 0 && !this.isOver) {
      this.end(null, false);
    }
  }
}

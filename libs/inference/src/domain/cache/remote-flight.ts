import { Tape } from '@app/providers';
import { UpstreamError } from '@app/shared';
import { EVENT_STREAM } from '../vendor-answer.js';
import { AwaitedAnswer, type LiveAnswer } from './awaited-answer.js';
import type { News } from './flight-mail.js';

/** Rounds in which a gateway that works on a call says nothing before it is taken for gone: as long as its claim holds. */
const SILENT_ROUNDS = 10;
/** That it works on it, it says at once. */
const FIRST_SILENT_ROUNDS = 4;
/** Of two rounds it says a word in one at least, unless it is busy, or gone. */
const DOUBTED_ROUNDS = 2;
/** It hears nothing either: it is no more, or cannot be reached. A connection that was lost for a moment is back by then. */
const UNHEARD_ROUNDS = 2;

/** A call of another gateway that callers of this one follow; its answer comes in the mail, and is taken down once for all of them. */
export class RemoteFlight extends AwaitedAnswer {
  private readers = 0;
  private tape: Tape | null = null;
  private vendor = '';
  private isStream = false;
  private costNanoUsd: number | null = null;
  /** Of the last news. */
  private number = 0;
  private isHeard = false;
  private silentRounds = 0;
  /** Since it last said anything. */
  private unheardRounds = 0;
  private asking: Promise<boolean> | null = null;

  /**
   * @param limitBytes of an answer that nobody reads
   * @param onOver hears whether the other gateway knows that it is
   * @param ask whether mail goes to the other gateway and back; never throws
   */
  constructor(
    private readonly limitBytes: number,
    private readonly onOver: (isKnown: boolean) => void,
    private readonly ask: () => Promise<boolean>,
  ) {
    super();
  }

  override get isDoubted(): boolean {
    return this.unheardRounds > 0 || this.silentRounds >= DOUBTED_ROUNDS;
  }

  /** Whoever comes when it has begun is given nothing of a gateway that is gone: what is begun has to be ended. */
  override async answering(signal: AbortSignal): Promise<LiveAnswer | null> {
    const hasBegun = this.tape !== null;
    const live = await super.answering(signal);
    return hasBegun && !this.isOver && !(await this.isThere()) ? null : live;
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
    this.unheardRounds = 0;
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
    this.unheardRounds = isReached ? 0 : this.unheardRounds + 1;
    const isSilent = this.silentRounds > (this.isHeard ? SILENT_ROUNDS : FIRST_SILENT_ROUNDS);
    // What callers have a part of may go on: mail that was not delivered is sent again.
    if (isSilent || (this.unheardRounds >= UNHEARD_ROUNDS && !this.isToldInPart)) {
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

  /** Of a whole answer nobody has a byte before its end. */
  private get isToldInPart(): boolean {
    const { tape } = this;
    return this.isStream && tape !== null && tape.over === null && tape.pieces.length > 0;
  }

  /** Many are one question. */
  private async isThere(): Promise<boolean> {
    this.asking ??= this.ask().finally(() => (this.asking = null));
    const isThere = await this.asking;
    if (!isThere) {
      this.unheardRounds = Math.max(this.unheardRounds, 1);
    }
    return isThere;
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
      this.isStream = EVENT_STREAM.test(answer.contentType);
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

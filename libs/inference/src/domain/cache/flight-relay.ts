import { setTimeout as pause } from 'node:timers/promises';
import type { Tape } from '@app/providers';
import { UpstreamError } from '@app/shared';
import type { AwaitedAnswer, LiveAnswer } from './awaited-answer.js';
import type { News } from './flight-mail.js';

/** Of one message: what comes while another is on its way goes with the next. */
const MESSAGE_BYTES = 65_536;
const RETRY_MS = 250;
/** Rounds in which who follows says nothing before it is taken for gone. */
const SILENT_ROUNDS = 10;
const NOTHING = Buffer.alloc(0);

/** @returns whether it was heard; never throws */
type Send = (news: Omit<News, 'id'>, body: Buffer) => Promise<boolean>;

/** One who follows a call from another gateway: it waits as callers here do, and is sent what comes, at its own pace. */
export class FlightRelay {
  /** Of the last news. */
  private number = 0;
  /** Of the last news that were heard. */
  private heard = 0;
  private silentRounds = 0;
  private readonly left = new AbortController();

  constructor(
    private readonly flight: AwaitedAnswer,
    private readonly send: Send,
  ) {}

  /** Resolves when all is told, or nobody hears it any more. Never throws. */
  async run(): Promise<void> {
    this.flight.join();
    try {
      void this.beat();
      await this.tellAll();
    } catch (error) {
      if (!this.left.signal.aborted) {
        throw error;
      }
    } finally {
      this.flight.leave(this.left.signal.reason);
    }
  }

  /** Who follows is still there. */
  stay(): void {
    this.silentRounds = 0;
  }

  leave(): void {
    this.left.abort(new Error('The other gateway left.'));
  }

  /** A round of time has passed. */
  pass(): void {
    this.silentRounds += 1;
    if (this.silentRounds > SILENT_ROUNDS) {
      this.leave();
    } else {
      void this.beat();
    }
  }

  private async beat(): Promise<void> {
    await this.send({ number: this.heard, isBeat: true }, NOTHING);
  }

  private async tellAll(): Promise<void> {
    for (;;) {
      const live = await this.flight.answering(this.left.signal);
      if (!live) {
        const { failure } = this.flight;
        return this.tell({ isOver: true, ...(failure && { failure: failure.told }) });
      }
      if (await this.play(live)) {
        return;
      }
    }
  }

  /** False when it broke off, and another answer may come. */
  private async play({ tape, costNanoUsd, ...answer }: LiveAnswer): Promise<boolean> {
    let more = Promise.withResolvers<void>();
    const wake = (): void => more.resolve();
    this.left.signal.addEventListener('abort', wake, { once: true });
    tape.add(wake);
    try {
      await this.tell({ answer, ...(tape.isLost && { isLost: true, isOver: true }) });
      if (tape.isLost) {
        return true;
      }
      for (let at = 0; ;) {
        more = Promise.withResolvers();
        this.left.signal.throwIfAborted();
        const pieces = next(tape, at);
        at += pieces.length;
        const ends = at === tape.pieces.length ? endOf(tape, costNanoUsd) : {};
        if (pieces.length > 0 || ends.end) {
          await this.tell({ pieces: pieces.map(({ length }) => length), ...ends }, Buffer.concat(pieces));
        } else {
          await more.promise;
        }
        if (ends.end) {
          return ends.end === 'ended';
        }
      }
    } finally {
      tape.remove(wake);
      this.left.signal.removeEventListener('abort', wake);
    }
  }

  /** Until it is heard: the same number is not taken for news twice. @throws when the other gateway has left */
  private async tell(news: Partial<News>, body = NOTHING): Promise<void> {
    this.number += 1;
    while (!(await this.send({ ...news, number: this.number }, body))) {
      await pause(RETRY_MS, undefined, { signal: this.left.signal });
    }
    this.heard = this.number;
  }
}

function next({ pieces }: Tape, from: number): Buffer[] {
  let bytes = 0;
  let to = from;
  while (to < pieces.length && (to === from || bytes + (pieces[to]?.length ?? 0) <= MESSAGE_BYTES)) {
    bytes += pieces[to]?.length ?? 0;
    to += 1;
  }
  return pieces.slice(from, to);
}

function endOf({ over }: Tape, costNanoUsd: LiveAnswer['costNanoUsd']): Partial<News> {
  if (over === null) {
    return {};
  }
  if (over === 'ended') {
    return { end: 'ended', costNanoUsd: costNanoUsd(), isOver: true };
  }
  return { end: 'broke', ...(over instanceof UpstreamError && { failure: over.told }) };
}

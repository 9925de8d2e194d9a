import type { CachedAnswer } from '@app/optimization';
import { Tape } from '@app/providers';
import { type CacheUse, ownBytes } from '@app/shared';
import type { Exchange } from '../exchange.js';
import { isEventStream } from '../vendor-answer.js';
import { factsOf, type LiveAnswer } from './awaited-answer.js';
import { isKeepable } from './keepable-answer.js';

/** Where the answer to one call is kept. */
export interface AnswerKeeper {
  /** Bytes that its body may have. */
  readonly entryLimitBytes: number;
  /** False when it is outdated, and not kept. */
  keep(answer: Omit<CachedAnswer, 'keptAt' | 'expiresAt'>, ttlMs: number): boolean;
}

/** Overhears the answer of a vendor, to keep it when it has come to a good end. */
export class Recording {
  readonly tape: Tape;

  constructor(
    private readonly cache: AnswerKeeper,
    private readonly key: string,
    private readonly use: CacheUse,
    private readonly exchange: Exchange,
  ) {
    this.tape = new Tape(cache.entryLimitBytes);
    exchange.response.record(this.tape);
  }

  /** When the caller has the answer. What was cut, gone on with by others, or is no plain text is not kept. */
  keep(): void {
    const { exchange, use, cache, tape } = this;
    const { meter, route, response } = exchange;
    const isStream = isEventStream(response);
    const isSmall = !tape.isLost && tape.size <= cache.entryLimitBytes;
    const isWhole = tape.over === 'ended' && meter.outcome === 'completed';
    const isOfOne = (exchange.continuing?.seams.length ?? 0) === 0;
    if (!isSmall || !isWhole || !isOfOne || use.ttlMs === 0 || !meter.usage) {
      return;
    }
    const body = ownBytes(tape.pieces);
    if (isKeepable(route, { body, isStream }, use.besides)) {
      cache.keep(this.answer(body, meter.usage), use.ttlMs);
    }
  }

  /** For those who follow. */
  live(): LiveAnswer {
    const { meter } = this.exchange;
    return { ...factsOf(this.exchange), tape: this.tape, costNanoUsd: () => meter.costNanoUsd() };
  }

  private answer(
    body: Buffer,
    { inputTokens, outputTokens }: Pick<CachedAnswer, 'inputTokens' | 'outputTokens'>,
  ): Omit<CachedAnswer, 'keptAt' | 'expiresAt'> {
    return {
      ...factsOf(this.exchange),
      key: this.key,
      projectId: this.exchange.call.projectId,
      namespace: this.use.namespace,
      body,
      pieces: this.tape.pieces.map(({ length }) => length),
      inputTokens,
      outputTokens,
      costNanoUsd: this.exchange.meter.costNanoUsd(),
    };
  }
}

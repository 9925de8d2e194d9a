import type { DialectId } from '@app/dialects';
import type { CachedAnswer } from '@app/optimization';
import { Tape } from '@app/providers';
import type { CacheNote } from '../exchange.js';
import type { LiveAnswer, TapedAnswer } from './awaited-answer.js';
import { hitNote } from './cache-notes.js';

/** What is told instead of asking a vendor. */
export interface Told {
  readonly answer: TapedAnswer;
  /** The same, where it is all there; absent: it is still being given. */
  readonly kept?: CachedAnswer;
  readonly note: CacheNote;
  /** What asking a vendor would have cost, once that is known; 0 when it is not. */
  readonly savedNanoUsd: () => number;
}

export function keptAnswer(kept: CachedAnswer, ageMs: number): Told {
  const { body, pieces, costNanoUsd } = kept;
  return {
    answer: {
      ...kept,
      dialect: kept.dialect as DialectId,
      get tape() {
        return Tape.of(body, pieces); // not needed when it was told before
      },
    },
    kept,
    savedNanoUsd: () => costNanoUsd ?? 0,
    note: hitNote(kept, ageMs),
  };
}

/** What it costs is known to whoever asked first, when it is there. What broke off saves nothing: it has to be asked for again. */
export function sharedAnswer(answer: LiveAnswer): Told {
  return {
    answer,
    savedNanoUsd: () => (answer.tape.over instanceof Error ? 0 : (answer.costNanoUsd() ?? 0)),
    note: { status: 'hit; age=0; shared', hit: { age: 0, shared: true, call: answer.callId } },
  };
}

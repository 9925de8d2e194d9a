import type { AnswerCache, KeyParts } from '@app/optimization';
import type { CacheUse } from '@app/shared';
import type { CacheNote, Exchange } from '../exchange.js';
import type { ReadRequest } from '../request-preparer.js';
import type { Comparison } from './comparison.js';
import type { Flight } from './flight.js';
import { Recording } from './recording.js';

/** A request whose answer may be kept, and under which key. */
export interface Keyed extends ReadRequest {
  readonly key: string;
  /** What the key is of. */
  readonly parts: KeyParts;
}

const BYPASS: CacheNote = { status: 'bypass', hit: null };
const MISS: CacheNote = { status: 'miss', hit: null };
const REFRESH: CacheNote = { status: 'refresh', hit: null };

/** What the cache has to do with one call. */
export class CacheVisit {
  /** What its caller is told when a vendor answers. */
  readonly note: CacheNote;
  /** Of those who ask the same meanwhile; null: nobody waits for it. */
  flight: Flight | null = null;
  /** With questions in other words; null: that is not done, undefined: not yet. */
  comparison: Comparison | null | undefined;

  /** @param keyed null when no answer to this request may be kept */
  constructor(
    private readonly cache: AnswerCache,
    readonly use: CacheUse,
    readonly keyed: Keyed | null,
  ) {
    this.note = !keyed ? BYPASS : use.mode === 'refresh' ? REFRESH : MISS;
  }

  /** Takes down what the vendor answers; null when its answer is not to be kept. */
  record(exchange: Exchange): Recording | null {
    if (!this.keyed) {
      return null;
    }
    const keeper = this.comparison?.keeper(this.cache, exchange.route) ?? this.cache;
    const recording = new Recording(keeper, this.keyed.key, this.use, exchange);
    this.flight?.isAnsweredBy(recording.live());
    return recording;
  }
}

import type { AnswerCache, KeyParts } from '@app/optimization';
import type { PlannedCall } from '@app/routing';
import type { Call, CacheUse } from '@app/shared';
import type { CacheNote, Exchange } from '../exchange.js';
import type { ReadRequest } from '../request-preparer.js';
import type { Comparison } from './comparison.js';
import type { Flight } from './flight.js';
import { vendorNote } from './cache-notes.js';
import { REFUSAL_MS, refusalIn } from './kept-refusal.js';
import { type AnswerKeeper, Recording } from './recording.js';

/** A request whose answer may be kept, and under which key. */
export interface Keyed extends ReadRequest {
  readonly key: string;
  /** What the key is of. */
  readonly parts: KeyParts;
}

/** Who asks, and where that may go. */
interface Asked {
  readonly call: Call;
  readonly planned: PlannedCall;
}

const NOTHING = { pieces: [], inputTokens: 0, outputTokens: 0, costNanoUsd: 0, simulated: false };

/** What the cache has to do with one call. */
export class CacheVisit {
  /** What its caller is told when a vendor answers. */
  readonly note: CacheNote;
  /** Of those who ask the same meanwhile; null: nobody waits for it. */
  flight: Flight | null = null;
  /** With questions in other words; null: that is not done, undefined: not yet. */
  comparison: Comparison | null | undefined;
  private readonly keeper: AnswerKeeper;

  /** @param keyed null when no answer to this request may be kept */
  constructor(
    cache: AnswerCache,
    readonly use: CacheUse,
    readonly keyed: Keyed | null,
    private readonly asked: Asked,
  ) {
    this.note = vendorNote(use, keyed !== null);
    const begun = cache.begin();
    const { entryLimitBytes } = cache;
    this.keeper = {
      entryLimitBytes,
      keep: (answer, ttlMs) => cache.keep(answer, ttlMs, begun, use.mode === 'refresh'),
    };
  }

  /** Takes down what the vendor answers; null when its answer is not to be kept. */
  record(exchange: Exchange): Recording | null {
    if (!this.keyed) {
      return null;
    }
    const keeper = this.comparison?.keeper(this.keeper, exchange.route) ?? this.keeper;
    const recording = new Recording(keeper, this.keyed.key, this.use, exchange);
    this.flight?.isAnsweredBy(recording.live());
    return recording;
  }

  /**
   * The call failed: what its vendor always says to it is kept, where the project wants that, and the caller named the one
   * model that may be asked: of several, another one may take it the next time.
   */
  fail(error: unknown): void {
    const { use, keyed, asked } = this;
    const { routes, policy, decision } = asked.planned;
    const [route] = routes;
    const isChosen = policy !== null || decision !== null;
    const refusal = use.besides.includes('errors') && refusalIn(error);
    if (!keyed || !refusal || !route || isChosen || use.ttlMs === 0) {
      return;
    }
    const { vendor, target, dialect } = route;
    const { id: callId, projectId } = asked.call;
    this.keeper.keep(
      {
        ...NOTHING,
        key: keyed.key,
        projectId,
        namespace: use.namespace,
        vendor: vendor.id,
        model: target.model,
        dialect: dialect.id,
        contentType: '',
        body: Buffer.alloc(0),
        callId,
        refusal,
      },
      Math.min(use.ttlMs, REFUSAL_MS),
    );
  }
}

import type { AnswerCache, CachedAnswer } from '@app/optimization';
import type { CacheUse } from '@app/shared';
import type { Exchange } from '../exchange.js';
import { isEventStream } from '../vendor-answer.js';
import { isKeepable } from './keepable-answer.js';

/** Overhears the answer of a vendor, to keep it when it has come to a good end. */
export class Recording {
  private pieces: Buffer[] = [];
  private size = 0;
  private isOver = false;

  constructor(
    private readonly cache: AnswerCache,
    private readonly key: string,
    private readonly use: CacheUse,
    private readonly exchange: Exchange,
  ) {
    exchange.response.overhear(piece => this.hear(piece));
  }

  /** When the caller has the answer. What was cut, gone on with by others, or is no plain text is not kept. */
  keep(): void {
    const { exchange, use, cache } = this;
    const { meter, route, response } = exchange;
    const isStream = isEventStream(response);
    const isWhole = this.isOver && this.size <= cache.entryLimitBytes && meter.outcome === 'completed';
    const isOfOne = (exchange.continuing?.seams.length ?? 0) === 0;
    if (!isWhole || !isOfOne || use.ttlMs === 0 || !meter.usage) {
      return;
    }
    const body = this.copied();
    if (isKeepable(route, body, isStream)) {
      cache.keep(this.answer(body, meter.usage), use.ttlMs);
    }
  }

  private hear(piece: Buffer | null): void {
    if (piece === null) {
      this.isOver = true;
      return;
    }
    this.size += piece.length;
    if (this.size <= this.cache.entryLimitBytes) {
      this.pieces.push(piece);
    } else {
      this.pieces = [];
    }
  }

  /** What came is part of larger buffers, which would be kept as a whole. */
  private copied(): Buffer {
    const body = Buffer.allocUnsafeSlow(this.size);
    let at = 0;
    for (const piece of this.pieces) {
      at += piece.copy(body, at);
    }
    return body;
  }

  private answer(
    body: Buffer,
    { inputTokens, outputTokens }: Pick<CachedAnswer, 'inputTokens' | 'outputTokens'>,
  ): Omit<CachedAnswer, 'keptAt' | 'expiresAt'> {
    const { call, meter, route, endpoint, response } = this.exchange;
    return {
      key: this.key,
      projectId: call.projectId,
      namespace: this.use.namespace,
      vendor: route.vendor.id,
      model: route.target.model,
      dialect: route.dialect.id,
      contentType: response.header('content-type') ?? '',
      body,
      pieces: this.pieces.map(({ length }) => length),
      callId: call.id,
      inputTokens,
      outputTokens,
      costNanoUsd: meter.costNanoUsd(),
      simulated: endpoint.simulated,
    };
  }
}

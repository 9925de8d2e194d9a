import { Injectable } from '@nestjs/common';
import { type Call, Clock, putLast, within } from '@app/shared';
import type { Asking } from './asking.js';
import { Embedder } from './embedder.js';
import type { Vector } from './question-index.js';
import { SemanticCounts } from './semantic-counts.js';

/** A caller waits no longer, and has its vendor asked instead. */
const WAIT_MS = 400;
/** For so long nobody waits for a model that was too late: not every caller is to wait in vain. */
const PAUSE_MS = 2000;
const MOST_MODELS = 1000;

/** Vectors of questions, in time or not at all. */
@Injectable()
export class QuestionVectors {
  /** By key: who asks the same at the same time waits for the same. */
  private readonly making = new Map<string, Promise<Vector | null>>();
  /** By project and model, until when nobody waits for it: monotonic ms. */
  private readonly lateUntil = new Map<string, number>();

  constructor(
    private readonly embedder: Embedder,
    private readonly counts: SemanticCounts,
    private readonly clock: Clock,
  ) {}

  /** Null when it does not come in time. What comes later is good enough to keep the question by. Never throws. */
  async inTime(asking: Asking): Promise<Vector | null> {
    const made = this.made(asking).then(vector => {
      asking.vector = vector;
      return vector;
    });
    const model = `${asking.question.projectId} ${asking.use.model}`;
    if (this.clock.ticks() < (this.lateUntil.get(model) ?? -Infinity)) {
      return null;
    }
    try {
      return await within(WAIT_MS, made);
    } catch {
      putLast(this.lateUntil, model, this.clock.ticks() + PAUSE_MS, MOST_MODELS);
      return null; // too late
    }
  }

  /** Of several texts, at whatever time; null when there are none. Never throws. */
  async of(call: Call, model: string, texts: readonly string[]): Promise<readonly Vector[] | null> {
    const embedded = await this.embedder.embed(call, model, texts);
    this.counts.add(call.projectId, 'embeddingNanoUsd', embedded?.costNanoUsd ?? 0);
    return embedded?.vectors ?? null;
  }

  private made(asking: Asking): Promise<Vector | null> {
    const { key } = asking.question;
    const known = this.making.get(key);
    if (known) {
      return known;
    }
    const made = this.make(asking).finally(() => this.making.delete(key));
    this.making.set(key, made);
    return made;
  }

  private async make({ call, use, question }: Asking): Promise<Vector | null> {
    const vectors = await this.of(call, use.model, [question.text]);
    return vectors?.[0] ?? null;
  }
}

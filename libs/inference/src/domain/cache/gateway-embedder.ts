import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import { embeddingClient } from '@app/dialects';
import { type Embedded, Embedder, unitVector } from '@app/optimization';
import type { VendorTasks } from '@app/providers';
import { type Call, Clock, isObject, LOGGER, type Logger, putLast, WorkUnderWay } from '@app/shared';
import { closeBroken } from '../failed-call.js';
import { ShuttingDownError } from '../inference.errors.js';
import { CollectingReply } from '../responses/collecting-reply.js';
import { TaskService } from '../task.service.js';
import { malformed } from '../vendor-answer.js';

const ENDPOINT = '/v1/embeddings';
const TASK = { client: embeddingClient, of: ({ embeddings }: VendorTasks) => embeddings };
const DEADLINE_MS = 5000;
/** For so long a model that failed is not asked for the same project: not every question is to fail. */
const PAUSE_MS = 2000;
const MOST_MODELS = 1000;

/**
 * Has vectors made as any caller would: an embedding is a call of its own, of the same project and key, with its own usage record. It is
 * routed, held against budgets and token limits, and refused to keys that may not use the model; only as a request it does not
 * count. While a model fails the log tells once.
 */
@Injectable()
export class GatewayEmbedder extends Embedder implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly underWay = new WorkUnderWay();
  /** By project and model that fail: until when nobody asks, in monotonic ms. */
  private readonly pausedUntil = new Map<string, number>();

  constructor(
    private readonly tasks: TaskService,
    private readonly metering: Metering,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort(new ShuttingDownError());
    await this.underWay.idle();
  }

  async embed(call: Call, model: string, texts: readonly string[]): Promise<Embedded | null> {
    const whose = `${call.projectId} ${model}`;
    if (this.clock.ticks() < (this.pausedUntil.get(whose) ?? -Infinity)) {
      return null;
    }
    const work = this.ask(this.ownCall(call), model, texts);
    this.underWay.add(work);
    try {
      const embedded = await work;
      this.pausedUntil.delete(whose);
      return embedded;
    } catch (error) {
      this.noteOutage(whose, { project: call.projectId, model, err: error });
      return null;
    }
  }

  private async ask(call: Call, model: string, texts: readonly string[]): Promise<Embedded> {
    const meter = this.metering.open(call, ENDPOINT);
    const reply = new CollectingReply();
    const body = Buffer.from(JSON.stringify({ model, input: texts, encoding_format: 'float' }));
    try {
      await this.tasks.run(TASK, { call, meter, body: Promise.resolve(body), reply });
    } catch (error) {
      throw await closeBroken({ call }, meter, error, null);
    }
    return read(reply.bytes, meter, texts.length);
  }

  /** Nothing of what the caller asks of its own answer is for this one, but for the labels that budgets and policies go by. */
  private ownCall({ metered: _metered, staysFor: _staysFor, promptPasses: _passes, ...call }: Call): Call {
    const { tags, metadata } = call.routing ?? {};
    const labels = { ...(tags !== undefined && { tags }), ...(metadata !== undefined && { metadata }) };
    return {
      ...call,
      id: randomUUIDv7(),
      receivedAt: this.clock.now(),
      startedAt: performance.now(),
      strict: false,
      annotate: false,
      routing: { ...labels, timeoutMs: String(DEADLINE_MS) },
      cache: null,
      quota: null,
      signal: this.stopping.signal,
    };
  }

  private noteOutage(whose: string, facts: object): void {
    const isKnown = this.pausedUntil.has(whose);
    putLast(this.pausedUntil, whose, this.clock.ticks() + PAUSE_MS, MOST_MODELS);
    if (!isKnown && !this.stopping.signal.aborted) {
      this.logger.warn(facts, 'No vectors for the semantic cache; vendors are asked instead.');
    }
  }
}

/** @throws UpstreamError when it is not one vector for each text, or one points nowhere */
function read(answer: Buffer, meter: CallMeter, count: number): Embedded {
  const { data } = JSON.parse(answer.toString()) as { data?: unknown };
  const entries = (Array.isArray(data) ? data.filter(isObject) : []).toSorted(
    (a, b) => Number(a['index']) - Number(b['index']),
  );
  const vendor = meter.provider ?? '';
  const model = `${vendor}/${meter.modelSent ?? ''}`;
  const vectors = entries.flatMap(({ embedding }) => {
    const numbers = Array.isArray(embedding) ? unitVector(embedding as number[]) : null;
    return numbers ? [{ numbers, model }] : [];
  });
  if (vectors.length !== count) {
    throw malformed(vendor, 'answered vectors that point nowhere');
  }
  return { vectors, costNanoUsd: meter.totalNanoUsd() };
}

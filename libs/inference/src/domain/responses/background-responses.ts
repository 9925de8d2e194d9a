import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { pendingResponse } from '@app/dialects';
import { type KeptResponse, KeptResponses, NotCancellableError } from '@app/responses';
import { GatewayError } from '@app/shared';
import { warningsText } from '../exchange.js';
import { closeFailed } from '../failed-call.js';
import type { GenerationInput } from '../generation-input.js';
import { GenerationService } from '../generation.service.js';
import { headerText } from '../header-text.js';
import { ShuttingDownError } from '../inference.errors.js';
import type { PlannedRequest, Prepared } from '../request-preparer.js';
import { AnswerKeeper, type Response } from './answer-keeper.js';
import { CollectingReply } from './collecting-reply.js';
import type { Note } from './recalled.js';
import { ResponseCancelledError, TooManyBackgroundError } from './response-state.errors.js';
import { sendJson } from './send-json.js';

const BEAT_MS = 5000;
/** Open ones of one project at one gateway: nobody's connection limits them. */
const MOST_OPEN = 100;
/** For a store that is down while the gateway stops. */
const FAREWELL_MS = 2000;

export interface BackgroundCall {
  readonly input: GenerationInput;
  /** With the one way that it was prepared for. */
  readonly request: PlannedRequest;
  readonly prepared: Prepared;
  readonly meter: CallMeter;
  readonly note: Note;
}

interface Run {
  readonly projectId: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Responses that are worked on while nobody waits; their callers ask for them later, at any gateway of the store. */
@Injectable()
export class BackgroundResponses implements OnModuleDestroy {
  private readonly runs = new Map<string, Run>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly generation: GenerationService,
    private readonly kept: KeptResponses,
    private readonly keeper: AnswerKeeper,
  ) {
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  /**
   * Answers the caller at once, and works on.
   *
   * @throws GatewayError (429, 503) when it cannot be begun; the call is metered all the same
   */
  async begin(background: BackgroundCall): Promise<void> {
    const { input, prepared, meter, note } = background;
    const { call, reply, echo } = input;
    const { model } = prepared.route.target;
    const pending = pendingResponse(prepared.vendorBody.request, { requestId: call.id, model, echo });
    const id = String(pending['id']);
    try {
      this.assertRoom(call.projectId);
      const { keeps: _keeps, ...head } = note;
      await this.kept.keep({ ...head, id, status: 'in_progress', response: pending });
    } catch (error) {
      throw await closeFailed(meter, error);
    }
    const abort = new AbortController();
    const done = this.work(background, pending, abort.signal).finally(() => this.runs.delete(id));
    this.runs.set(id, { projectId: call.projectId, abort, done });
    call.staysFor?.(done);
    const { losses } = prepared.vendorBody;
    sendJson({ call, reply }, pending, {
      'x-llmhub-provider': prepared.route.vendor.id,
      'x-llmhub-model': headerText(model),
      ...(losses.length > 0 && { 'x-llmhub-warnings': warningsText(losses) }),
    });
  }

  /**
   * Stops one that is in progress; one that has ended stays as it is.
   *
   * @throws ResponseNotFoundError (404), NotCancellableError (400), StoreUnavailableError (503)
   */
  async cancel(kept: KeptResponse): Promise<Response> {
    if (!kept.background) {
      throw new NotCancellableError();
    }
    if (kept.status !== 'in_progress') {
      return kept.response;
    }
    const response = { ...kept.response, status: 'cancelled' };
    const isOver = await this.kept.finish(kept, 'cancelled', { response, input: kept.input });
    this.stop(kept.id);
    return isOver ? response : (await this.kept.get(kept.projectId, kept.id)).response;
  }

  /** Nobody wants it any more. */
  stop(id: string): void {
    this.runs.get(id)?.abort.abort(new ResponseCancelledError());
  }

  /** Resolves when none is left. */
  async idle(): Promise<void> {
    while (this.runs.size > 0) {
      await Promise.all([...this.runs.values()].map(({ done }) => done));
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.runs.forEach(({ abort }) => abort.abort(new ShuttingDownError()));
    await Promise.race([this.idle(), delay(FAREWELL_MS, undefined, { ref: false })]);
  }

  /** Never rejects. */
  private async work(
    { input, request, prepared, meter, note }: BackgroundCall,
    pending: Response,
    signal: AbortSignal,
  ): Promise<void> {
    const reply = new CollectingReply();
    let response: Response;
    try {
      const aside = { ...input, call: { ...input.call, signal }, reply };
      await this.generation.carry(aside, request, meter, () => ({ input: aside, prepared }));
      response = { ...reply.response, created_at: pending['created_at'] };
    } catch (error) {
      response = { ...pending, status: 'failed', error: failureOf(error) };
    }
    await this.keeper.finish(note, response);
  }

  /** Shows the other gateways that the runs live, and stops those that were cancelled or deleted there. */
  private beat(): void {
    for (const id of this.runs.keys()) {
      this.kept.renewLease(id).then(
        isWanted => isWanted || this.stop(id),
        () => {}, // the store is down: the next beat tells
      );
    }
  }

  private assertRoom(projectId: string): void {
    const open = [...this.runs.values()].filter(run => run.projectId === projectId).length;
    if (open >= MOST_OPEN) {
      throw new TooManyBackgroundError(MOST_OPEN);
    }
  }
}

/** In OpenAI's own codes: any other makes typed clients stumble. */
function failureOf(error: unknown): { code: string; message: string } {
  const isOurs = error instanceof GatewayError;
  return {
    code: isOurs && error.status === 429 ? 'rate_limit_exceeded' : 'server_error',
    message: isOurs ? error.message : 'Internal error.',
  };
}

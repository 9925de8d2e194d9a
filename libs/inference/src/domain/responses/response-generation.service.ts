import { Injectable } from '@nestjs/common';
import { only } from '@app/routing';
import { type Call, InvalidRequestError } from '@app/shared';
import { closeBroken } from '../failed-call.js';
import type { GenerationInput } from '../generation-input.js';
import type { Ready } from '../generation.road.js';
import { GenerationService } from '../generation.service.js';
import type { ParsedBody } from '../parse-body.js';
import type { Prepared, Routed } from '../request-preparer.js';
import { AnswerKeeper } from './answer-keeper.js';
import { type BackgroundCall, BackgroundResponses } from './background-responses.js';
import { KeepingReply } from './keeping-reply.js';
import type { Recalled } from './recalled.js';
import { ResponseMemory } from './response-memory.js';

/** The road of one request for a response: that of any text request, with a memory. */
@Injectable()
export class ResponseGeneration {
  constructor(
    private readonly generation: GenerationService,
    private readonly memory: ResponseMemory,
    private readonly keeper: AnswerKeeper,
    private readonly background: BackgroundResponses,
  ) {}

  /** The request with what it goes on from, to have its tokens counted. @throws GatewayError (400, 403, 404, 503) */
  async bodyOf(routed: Routed, call: Call): Promise<ParsedBody> {
    const recalled = await this.memory.recall(routed, call);
    return recalled?.body ?? routed.body;
  }

  /**
   * Resolves when the answer is written, or the stream has told its failure.
   *
   * @throws GatewayError when it failed before the first byte; the call is metered all the same
   */
  async run(input: GenerationInput): Promise<void> {
    const meter = this.generation.open(input);
    const request = await this.generation.plan(input, meter);
    if (request.body.json['background'] === true && (await this.isBegun({ input, request, meter }))) {
      return;
    }
    const kept: { reply: KeepingReply | null } = { reply: null };
    await this.generation.carry(input, request, meter, async (routed, said, travelling) => {
      const { ready, note } = await this.recall(routed, travelling, said);
      if (!note) {
        return ready;
      }
      const reply = new KeepingReply(travelling.reply, response => this.keeper.take(note, response));
      kept.reply = reply;
      return { ...ready, input: { ...ready.input, reply } };
    });
    await kept.reply?.settled;
  }

  /** False when the vendor keeps what it does in the background itself. @throws as `run` */
  private async isBegun({
    input,
    request,
    meter,
  }: Omit<BackgroundCall, 'prepared' | 'note'>): Promise<boolean> {
    const routed = await this.generation.first(request, input, meter);
    const { ready, note } = await this.recall(routed, input).catch(async (error: unknown) => {
      throw await closeBroken(input, meter, error, null);
    });
    if (!note?.keeps) {
      return false;
    }
    // What was recalled for one vendor is not what another would need.
    const planned = only(routed.route, request.planned);
    await this.background.begin({ ...ready, request: { ...request, planned }, meter, note });
    return true;
  }

  /** The request with what it goes on from, for one vendor. @throws GatewayError (400, 403, 404, 503) */
  private async recall(
    routed: Routed,
    input: GenerationInput,
    said: string | null = null,
  ): Promise<{ readonly ready: Ready; readonly note: Recalled['note'] }> {
    const recalled = await this.memory.recall(routed, input.call);
    if (!recalled) {
      return { ready: this.generation.ready(routed, input, said), note: null };
    }
    const { body = routed.body, itemsBefore, echo, losses, note } = recalled;
    try {
      const { prepared } = this.generation.ready({ ...routed, body }, input, said);
      return { ready: { input: { ...input, echo }, prepared: withLosses(prepared, losses) }, note };
    } catch (error) {
      throw asCounted(error, itemsBefore);
    }
  }
}

/** The caller counts the items that it sent, not those before them. */
function asCounted(error: unknown, before: number): unknown {
  if (before === 0 || !(error instanceof InvalidRequestError)) {
    return error;
  }
  const counted = (text: string): string =>
    text.replaceAll(/\binput\[(\d+)\]/g, (_match, index: string) => `input[${Number(index) - before}]`);
  return new InvalidRequestError(
    counted(error.message),
    error.param && counted(error.param),
    error.code ?? undefined,
  );
}

function withLosses(prepared: Prepared, losses: Recalled['losses']): Prepared {
  const { vendorBody } = prepared;
  return losses.length === 0
    ? prepared
    : { ...prepared, vendorBody: { ...vendorBody, losses: [...losses, ...vendorBody.losses] } };
}

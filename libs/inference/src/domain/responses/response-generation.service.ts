import { Injectable } from '@nestjs/common';
import { type Call, InvalidRequestError } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import { GenerationService } from '../generation.service.js';
import type { ParsedBody } from '../parse-body.js';
import type { Prepared, Routed } from '../request-preparer.js';
import { AnswerKeeper } from './answer-keeper.js';
import { BackgroundResponses } from './background-responses.js';
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
    const found: { recalled: Recalled | null } = { recalled: null };
    const prepared = await this.generation
      .prepare(input, meter, async routed => {
        found.recalled = await this.memory.recall(routed, input.call);
        return found.recalled?.body ?? routed.body;
      })
      .catch((error: unknown) => {
        throw asCounted(error, found.recalled?.itemsBefore ?? 0);
      });
    const { recalled } = found;
    if (!recalled) {
      return this.generation.carry(input, prepared, meter);
    }
    const { note, echo, losses } = recalled;
    const ready = withLosses(prepared, losses);
    if (!note) {
      return this.generation.carry({ ...input, echo }, ready, meter);
    }
    if (note.background && note.keeps) {
      return this.background.begin({ input: { ...input, echo }, prepared: ready, meter, note });
    }
    const reply = new KeepingReply(input.reply, response => this.keeper.take(note, response));
    await this.generation.carry({ ...input, echo, reply }, ready, meter);
    await reply.settled;
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

import { Injectable } from '@nestjs/common';
import type { TranscriptionVendor } from '@app/dialects';
import { admitForm, type Exchange, type Leg } from '@app/inference';
import { Tape, type Vendor } from '@app/providers';
import type { Route } from '@app/routing';
import type { GatewayError } from '@app/shared';
import { ANSWER_LIMIT_BYTES } from './answer-limit.js';
import { AudioVendors } from './audio-vendors.js';
import { askCompatible } from './compatible.question.js';
import { TranscriptionHistory } from './history/transcription-history.service.js';
import { askInItsWords } from './own.question.js';
import { tooLong } from './recording/too-long.js';
import { unheard } from './recording/unheard.js';
import { TranscriptAnswers } from './transcript.answers.js';
import type { ListeningTask, TranscriptionFields } from './transcription.fields.js';
import type { Question, TranscriptionInput } from './transcription.request.js';
import { untold } from './untold.js';

/** Transcriptions, made ready for one vendor and answered with what it says. */
@Injectable()
export class TranscriptionLegs {
  constructor(
    private readonly vendors: AudioVendors,
    private readonly answers: TranscriptAnswers,
    private readonly history: TranscriptionHistory,
  ) {}

  /** Whether the form says that its recording is samples without a container. */
  isRaw(fields: TranscriptionFields): boolean {
    return this.vendors.isRaw(fields);
  }

  /** Why that vendor does not hear the recording, or not tell what the caller's format is made of; null: nothing is known to speak against it. */
  unfit(input: TranscriptionInput, route: Route): GatewayError | null {
    return this.vendors.lacks(route.vendor, input.task) ?? objection(input, route);
  }

  /** @throws GatewayError (400, 403, 413) */
  async prepare(input: TranscriptionInput, route: Route, ownMembers: readonly string[]): Promise<Leg> {
    const { call, meter, task, fields, file, recording } = input;
    const path = this.vendors.pathAt(route.vendor, task);
    const known = objection(input, route);
    if (known) {
      throw known;
    }
    const others = fields.others.filter(field => !ownMembers.includes(withoutBrackets(field)[0]));
    admitForm({ call, meter }, route, others.map(withoutBrackets));
    const asked = { call, task, file, recording, fields: { ...fields, others } };
    const own = ownWay(route.vendor, task);
    const question = await (own ? askInItsWords(asked, route, own) : askCompatible(asked, route, path));
    return { ...question, answer: exchange => this.answer(exchange, input, question) };
  }

  private async answer(
    exchange: Exchange,
    input: TranscriptionInput,
    question: Question,
  ): Promise<GatewayError | null> {
    const tape = new Tape(ANSWER_LIMIT_BYTES);
    exchange.response.record(tape);
    const { cut, heard } = await this.answers.answer(exchange, input, question);
    input.visit?.isAnsweredBy(exchange, tape);
    if (heard) {
      this.history.keep(exchange, input, heard);
    }
    return cut;
  }
}

/** What is known to speak against asking there; null: nothing. */
function objection({ recording, file, fields }: TranscriptionInput, route: Route): GatewayError | null {
  return (
    unheard(recording, fields, route) ?? tooLong(recording, file.bytes, route) ?? untold(fields.format, route)
  );
}

/** Of a vendor that is not asked as OpenAI is. */
export function ownWay({ audioTasks, tasks }: Vendor, task: ListeningTask): TranscriptionVendor | undefined {
  return audioTasks?.includes(task) ? undefined : tasks?.transcription;
}

/** The name of a list or an object of which a field of a form is a part. */
function withoutBrackets([name, value]: readonly [string, string]): readonly [string, string] {
  return [name.replace(/\[.*$/s, ''), value];
}

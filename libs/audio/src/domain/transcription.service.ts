import { Injectable } from '@nestjs/common';
import type { TranscriptionVendor } from '@app/dialects';
import { admitForm, type Leg, mostOfSpeech, TaskRoads, type TaskTrip } from '@app/inference';
import type { Vendor } from '@app/providers';
import type { Route } from '@app/routing';
import { AudioVendors } from './audio-vendors.js';
import { ChosenKeys } from './chosen-keys.js';
import { askCompatible } from './compatible.question.js';
import { askInItsWords } from './own.question.js';
import { fileHash } from './recording/file-hash.js';
import { inspectRecording } from './recording/recording.js';
import { tooLong } from './recording/too-long.js';
import { usageOf } from './recording/usage.js';
import { TranscriptAnswers } from './transcript.answers.js';
import type { ListeningTask, TranscriptionFields } from './transcription.fields.js';
import type { TranscriptionInput, TranscriptionRequest } from './transcription.request.js';

/** Speech to text, as it was said or in English, at any vendor with OpenAI's endpoint for it. The file goes from disk to vendor in pieces. */
@Injectable()
export class TranscriptionService {
  constructor(
    private readonly roads: TaskRoads,
    private readonly answers: TranscriptAnswers,
    private readonly vendors: AudioVendors,
    private readonly chosenKeys: ChosenKeys,
  ) {}

  /** @throws GatewayError when it failed before the first byte of the answer */
  async run(request: TranscriptionRequest): Promise<void> {
    const { call, meter, task, fields, file, reply } = request;
    const { model, stream, form } = fields;
    meter.modelAsked = model;
    meter.stream = stream;
    const recording = await inspectRecording(file);
    const hash = await fileHash(file.path);
    const input = { ...request, recording };
    const trip: TaskTrip = {
      call,
      meter,
      reply,
      model,
      stream,
      fields: form,
      fileHash: hash,
      inputTokens: 0,
      offers: route => this.vendors.offers(route.vendor, task) && !tooLong(recording, file.bytes, route),
      prepare: (route, ownMembers) => this.prepare(input, route, ownMembers),
      most: ({ vendor }) => ({
        ...mostOfSpeech(recording.isExact ? recording.seconds : null, file.bytes, lengthOf(form)),
        ...(ownWay(vendor, task)?.thinks && { outputTokens: null }),
      }),
      spent: () => usageOf(recording),
    };
    const chosen = await this.chosenKeys.find(input);
    await (chosen ? this.roads.runWith(trip, chosen) : this.roads.run(trip));
  }

  private async prepare(
    input: TranscriptionInput,
    route: Route,
    ownMembers: readonly string[],
  ): Promise<Leg> {
    const { call, meter, task, fields, file, recording } = input;
    const path = this.vendors.pathAt(route.vendor, task);
    const excess = tooLong(recording, file.bytes, route);
    if (excess) {
      throw excess;
    }
    const others = fields.others.filter(field => !ownMembers.includes(withoutBrackets(field)[0]));
    admitForm({ call, meter }, route, others.map(withoutBrackets));
    const asked = { call, task, file, recording, fields: { ...fields, others } };
    const own = ownWay(route.vendor, task);
    const question = await (own ? askInItsWords(asked, route, own) : askCompatible(asked, route, path));
    return { ...question, answer: exchange => this.answers.answer(exchange, input, question) };
  }
}

/** Of a vendor that is not asked as OpenAI is. */
function ownWay({ audioTasks, tasks }: Vendor, task: ListeningTask): TranscriptionVendor | undefined {
  return audioTasks?.includes(task) ? undefined : tasks?.transcription;
}

/** Of the texts in a form, in bytes at most. */
function lengthOf(form: TranscriptionFields['form']): number {
  return Buffer.byteLength(JSON.stringify(form));
}

/** The name of a list or an object of which a field of a form is a part. */
function withoutBrackets([name, value]: readonly [string, string]): readonly [string, string] {
  return [name.replace(/\[.*$/s, ''), value];
}

import { Injectable } from '@nestjs/common';
import {
  mostOfSpeech,
  refersElsewhere,
  type TaskQuestion,
  TaskRoads,
  type TaskTrip,
  TaskVisits,
} from '@app/inference';
import { ChosenKeys } from './chosen-keys.js';
import { fileHash } from './recording/file-hash.js';
import { assertNotEmpty, inspectRecording, RAW, type Recording } from './recording/recording.js';
import { widest } from './recording/too-long.js';
import { usageOf } from './recording/usage.js';
import type { ListeningTask, TranscriptionFields } from './transcription.fields.js';
import { ownWay, TranscriptionLegs } from './transcription.legs.js';
import type { AudioFile, TranscriptionRequest } from './transcription.request.js';

/** Speech to text, as it was said or in English, at any vendor with OpenAI's endpoint for it. The file goes from disk to vendor in pieces. */
@Injectable()
export class TranscriptionService {
  constructor(
    private readonly roads: TaskRoads,
    private readonly legs: TranscriptionLegs,
    private readonly visits: TaskVisits,
    private readonly chosenKeys: ChosenKeys,
  ) {}

  /** @throws GatewayError when it failed before the first byte of the answer */
  async run(request: TranscriptionRequest): Promise<void> {
    const { call, meter, task, fields, file, reply } = request;
    const { model, stream, form } = fields;
    meter.modelAsked = model;
    meter.stream = stream;
    const recording = await this.inspect(file, fields);
    const hash = await fileHash(file.path);
    const asked = { call, meter, reply, model, stream, fileHash: hash };
    const question = (): TaskQuestion | null => questionOf(task, hash, form);
    const visit = this.visits.of({ ...asked, question }, call.transcriptionCache ?? null);
    const input = { ...request, recording, visit };
    const trip: TaskTrip = {
      ...asked,
      fields: form,
      inputTokens: 0,
      kept: visit,
      offers: route => this.legs.unfit(input, route) === null,
      unfit: route => this.legs.unfit(input, route),
      refusal: widest,
      prepare: (route, ownMembers) => this.legs.prepare(input, route, ownMembers),
      most: ({ vendor }) => ({
        ...mostOfSpeech(recording.isExact ? recording.seconds : null, file.bytes, lengthOf(form)),
        ...(ownWay(vendor, task)?.thinks && { outputTokens: null }),
      }),
      spent: () => usageOf(recording),
    };
    const chosen = await this.chosenKeys.find(request);
    await (chosen ? this.roads.runWith(trip, chosen) : this.roads.run(trip));
  }

  private async inspect(file: AudioFile, fields: TranscriptionFields): Promise<Recording> {
    if (!this.legs.isRaw(fields)) {
      return inspectRecording(file);
    }
    assertNotEmpty(file);
    return RAW;
  }
}

/** The same recording, whatever its name; null for a form that names another one, which may be another tomorrow. */
function questionOf(
  task: ListeningTask,
  hash: string,
  { model: _model, ...form }: TranscriptionFields['form'],
): TaskQuestion | null {
  return refersElsewhere(form) ? null : { endpoint: `/v1/audio/${task}`, body: { file: hash, form } };
}

/** Of the texts in a form, in bytes at most. */
function lengthOf(form: TranscriptionFields['form']): number {
  return Buffer.byteLength(JSON.stringify(form));
}

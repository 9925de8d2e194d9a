import { openAsBlob } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { parseExact, readTranscription, type Transcription, writeSrt, writeVtt } from '@app/dialects';
import {
  admitForm,
  annotated,
  annotation,
  type CallerReply,
  type Exchange,
  isEventStream,
  type Leg,
  mostOfSpeech,
  NamedEventStream,
  OpenStreams,
  sendWhole,
  StreamRelay,
  TaskRoads,
  type TaskTrip,
} from '@app/inference';
import type { Route } from '@app/routing';
import { type Call, type GatewayError, UpstreamError } from '@app/shared';
import { FormData } from 'undici';
import { AudioVendors } from './audio-vendors.js';
import { ChosenKeys } from './chosen-keys.js';
import type { ListeningTask, TranscriptionFields, TranscriptionFormat } from './transcription.fields.js';
import { inspectRecording, type Recording } from './recording/recording.js';
import { transcriptionEnding } from './transcription.ending.js';
import { usageOf } from './recording/usage.js';

const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

/** An uploaded file on disk. */
export interface AudioFile {
  readonly path: string;
  readonly name: string;
  readonly mime: string;
  /** How many it has. */
  readonly bytes: number;
}

export interface TranscriptionRequest {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly task: ListeningTask;
  readonly fields: TranscriptionFields;
  readonly file: AudioFile;
  readonly reply: CallerReply;
}

interface TranscriptionInput extends TranscriptionRequest {
  readonly recording: Recording;
}

/** Speech to text, as it was said or in English, at any vendor with OpenAI's endpoint for it. The file goes from disk to vendor in pieces. */
@Injectable()
export class TranscriptionService {
  constructor(
    private readonly roads: TaskRoads,
    private readonly streams: OpenStreams,
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
    const input = { ...request, recording };
    const trip: TaskTrip = {
      call,
      meter,
      reply,
      model,
      stream,
      fields: form,
      inputTokens: 0,
      offers: ({ vendor }) => this.vendors.offers(vendor, task),
      prepare: (route, ownMembers) => this.prepare(input, route, ownMembers),
      most: () => mostOfSpeech(recording.isExact ? recording.seconds : null, file.bytes, lengthOf(form)),
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
    const { call, meter, task, fields, file } = input;
    const path = this.vendors.pathAt(route.vendor, task);
    const others = fields.others.filter(field => !ownMembers.includes(withoutBrackets(field)[0]));
    admitForm({ call, meter }, route, others.map(withoutBrackets));
    return {
      path,
      headers: {},
      body: await vendorForm(route, { task, file, fields: { ...fields, others } }),
      losses: [],
      answer: exchange => this.answer(exchange, input),
    };
  }

  private async answer(exchange: Exchange, input: TranscriptionInput): Promise<GatewayError | null> {
    const { response, route } = exchange;
    const { fields, recording } = input;
    if (fields.stream && isEventStream(response)) {
      const errors = route.dialect.streamReader(route.target);
      const events = new NamedEventStream({
        vendor: route.vendor.id,
        errors,
        ending: transcriptionEnding(recording),
        annotate: usage => annotation(exchange, usage),
      });
      events.facts.usage = usageOf(recording); // of one that breaks off
      return new StreamRelay(exchange, events, this.streams).run();
    }
    await answerWhole(exchange, input);
    return null;
  }
}

/** Of the texts in a form, in bytes at most. */
function lengthOf(form: TranscriptionFields['form']): number {
  return Buffer.byteLength(JSON.stringify(form));
}

/** The name of a list or an object of which a field of a form is a part. */
function withoutBrackets([name, value]: readonly [string, string]): readonly [string, string] {
  return [name.replace(/\[.*$/s, ''), value];
}

/** The blob reads from disk as it is sent, so memory stays flat whatever the size. */
async function vendorForm(
  { target }: Route,
  { task, fields, file }: Pick<TranscriptionInput, 'task' | 'fields' | 'file'>,
): Promise<FormData> {
  const form = new FormData();
  form.append('model', target.model);
  form.append('response_format', vendorFormat(task, fields.format));
  if (fields.stream) {
    form.append('stream', 'true');
  }
  for (const [name, value] of fields.others) {
    form.append(name, value);
  }
  form.append('file', await openAsBlob(file.path, { type: file.mime }), file.name);
  return form;
}

/**
 * Plain text and subtitles carry no usage: the gateway asks for JSON and writes them itself, so every call is metered. Of a translation
 * only the verbose JSON tells how long the speech is.
 */
function vendorFormat(task: ListeningTask, format: TranscriptionFormat): TranscriptionFormat {
  if (task === 'translations') {
    return 'verbose_json';
  }
  if (format === 'text') {
    return 'json';
  }
  return format === 'srt' || format === 'vtt' ? 'verbose_json' : format;
}

async function answerWhole(
  exchange: Exchange,
  { task, fields: { format }, recording }: TranscriptionInput,
): Promise<void> {
  const { response, route, meter } = exchange;
  const bytes = await response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
  const transcription = readTranscription(parseAnswer(bytes, route.vendor.id), route.vendor.id);
  meter.usage = transcription.usage ?? usageOf(recording, transcription.text);
  meter.finish = 'stop';
  const isVerbose = task === 'translations' && format === 'json';
  const asked = isVerbose ? Buffer.from(JSON.stringify({ text: transcription.text })) : bytes;
  const { body, type } = render(exchange, { bytes: asked, transcription, format });
  await sendWhole(exchange, body, type);
}

function render(
  exchange: Exchange,
  {
    bytes,
    transcription,
    format,
  }: { bytes: Buffer; transcription: Transcription; format: TranscriptionFormat },
): { body: Buffer; type: string } {
  const text = 'text/plain; charset=utf-8';
  switch (format) {
    case 'text':
      return { body: Buffer.from(`${transcription.text}\n`), type: text };
    case 'srt':
      return { body: Buffer.from(writeSrt(timed(transcription, exchange.route))), type: text };
    case 'vtt':
      return { body: Buffer.from(writeVtt(timed(transcription, exchange.route))), type: text };
    default:
      return { body: annotated(exchange, bytes), type: 'application/json; charset=utf-8' };
  }
}

function timed(
  { segments }: Transcription,
  { vendor, target }: Route,
): NonNullable<Transcription['segments']> {
  if (!segments) {
    throw new UpstreamError({
      vendor: vendor.id,
      upstreamStatus: null,
      code: 'no_timestamps',
      message: `The model '${target.model}' gives no timestamps. Ask for json or text, or use whisper-1.`,
    });
  }
  return segments;
}

function parseAnswer(bytes: Buffer, vendor: string): unknown {
  try {
    return parseExact(bytes.toString());
  } catch {
    return readTranscription(null, vendor); // throws: HTML or a cut body is no transcription
  }
}

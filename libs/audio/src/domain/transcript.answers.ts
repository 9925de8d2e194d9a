import { Injectable } from '@nestjs/common';
import {
  type LlmHub,
  noTranscription,
  parseExact,
  segmentsOf,
  type Segment,
  type StreamReader,
  type Transcript,
  type TranscriptFormat,
  type Usage,
  writeSrt,
  writeTranscript,
  writeTranscriptEvents,
  writeTranscriptionUsage,
  writeVtt,
} from '@app/dialects';
import {
  annotated,
  annotation,
  type Exchange,
  isEventStream,
  type NamedEventOptions,
  NamedEventStream,
  OpenStreams,
  sendEvents,
  sendWhole,
  StreamRelay,
} from '@app/inference';
import type { Route } from '@app/routing';
import { type GatewayError, spliceMembers, UpstreamError } from '@app/shared';
import { ANSWER_LIMIT_BYTES } from './answer-limit.js';
import type { Recording } from './recording/recording.js';
import { nothingOf, usageOf, withSeconds } from './recording/usage.js';
import { TranscriptStream } from './transcript.stream.js';
import { paidFor, transcriptionEnding } from './transcription.ending.js';
import type { Heard, Question, TranscriptionInput } from './transcription.request.js';

interface Answered {
  /** What broke its stream off; null when nothing did. */
  readonly cut: GatewayError | null;
  /** Null when that is not known. */
  readonly heard: Heard | null;
}

/** Answers of vendors, as their callers want them: passed on where they are so already, else written anew. */
@Injectable()
export class TranscriptAnswers {
  constructor(private readonly streams: OpenStreams) {}

  /** Resolves when the caller has it. @throws GatewayError when nothing has reached the caller */
  async answer(exchange: Exchange, input: TranscriptionInput, question: Question): Promise<Answered> {
    if (input.fields.stream && isEventStream(exchange.response)) {
      return this.relay(exchange, input, question.reader());
    }
    return { cut: null, heard: await answerWhole(exchange, input, question) };
  }

  private async relay(
    exchange: Exchange,
    { recording }: TranscriptionInput,
    reader: StreamReader | null,
  ): Promise<Answered> {
    let heard: Heard | null = null;
    const { seconds } = recording;
    const hear = (text: string): void => void (heard = { text, language: null, seconds });
    const { route, meter } = exchange;
    const { id: vendor } = route.vendor;
    const listening = { recording, isKept: meter.cached };
    const annotate = (usage: Usage | null): LlmHub | null => annotation(exchange, usage);
    const events = reader
      ? new TranscriptStream({ vendor, reader, paid: paidFor(listening), annotate, hear })
      : passedOn(
          exchange,
          { vendor, ending: transcriptionEnding({ ...listening, hear }), annotate },
          recording,
        );
    const cut = await new StreamRelay(exchange, events, this.streams).run();
    return { cut, heard };
  }
}

/** Of a vendor that has OpenAI's events. */
function passedOn(
  { route: { dialect, target }, meter }: Exchange,
  options: Omit<NamedEventOptions, 'errors'>,
  recording: Recording,
): NamedEventStream {
  const events = new NamedEventStream({ ...options, errors: dialect.streamReader(target) });
  events.facts.usage = meter.cached ? null : usageOf(recording); // of one that breaks off
  return events;
}

async function answerWhole(
  exchange: Exchange,
  input: TranscriptionInput,
  { passes, read }: Question,
): Promise<Transcript> {
  const { recording } = input;
  const { response, route, meter } = exchange;
  const { id } = route.vendor;
  const bytes = await response.collect(id, ANSWER_LIMIT_BYTES);
  const heard = read(parseAnswer(bytes, id));
  const paid = heard.usage ?? usageOf(recording, heard.text);
  const seconds = heard.seconds ?? recording.seconds;
  const usage = paid && (meter.cached ? nothingOf(paid) : withSeconds(paid, seconds));
  const transcript = { ...heard, seconds, usage };
  meter.usage = usage;
  meter.finish = 'stop';
  await tell(exchange, input, transcript, passes ? bytes : null);
  return transcript;
}

/** @param bytes of the vendor, where they have the shape that the caller wants */
async function tell(
  exchange: Exchange,
  { task, fields }: TranscriptionInput,
  transcript: Transcript,
  bytes: Buffer | null,
): Promise<void> {
  const { route, meter } = exchange;
  const { format, granularities, stream } = fields;
  if (stream) {
    return sendEvents(exchange, writeTranscriptEvents(transcript, format, annotation(exchange, null)));
  }
  const text = plainText(transcript, format, route);
  if (text !== null) {
    return sendWhole(exchange, Buffer.from(text), 'text/plain; charset=utf-8');
  }
  if (bytes) {
    const { usage } = transcript;
    return sendWhole(exchange, annotated(exchange, usage && meter.cached ? withUsage(bytes, usage) : bytes));
  }
  assertTimed(transcript, format, route);
  const shape = { format, granularities, isTranslation: task === 'translations' };
  const body = writeTranscript(transcript, shape, annotation(exchange, null));
  return sendWhole(exchange, Buffer.from(JSON.stringify(body)));
}

/** What they tell of the call that had them first is told of this one. */
function withUsage(bytes: Buffer, usage: Usage): Buffer {
  return spliceMembers(bytes, { usage: JSON.stringify(writeTranscriptionUsage(usage, null)) });
}

/** Null for formats that are JSON. */
function plainText(transcript: Transcript, format: TranscriptFormat, route: Route): string | null {
  switch (format) {
    case 'text':
      return `${transcript.text}\n`;
    case 'srt':
      return writeSrt(timed(transcript, route));
    case 'vtt':
      return writeVtt(timed(transcript, route));
    default:
      return null;
  }
}

function assertTimed(transcript: Transcript, format: TranscriptFormat, route: Route): void {
  if (format !== 'json') {
    timed(transcript, route);
  }
}

/** @throws UpstreamError (502), and a vendor that tells times may be asked */
function timed(transcript: Transcript, { vendor, target }: Route): readonly Segment[] {
  const segments = segmentsOf(transcript);
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
    throw noTranscription(vendor); // HTML, or a cut body
  }
}

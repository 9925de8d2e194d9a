import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering, turnId } from '@app/analytics';
import { readTranscriptionFields, SpeechService, TranscriptionService } from '@app/audio';
import { durationOf, openAiChatClient, type Sound, wavHeader } from '@app/dialects';
import {
  type CallerReply,
  closeBroken,
  CollectingReply,
  FileStoreError,
  GenerationService,
} from '@app/inference';
import { type Call, Config, explainDepth, WorkUnderWay } from '@app/shared';
import { REALTIME_ENDPOINT } from '../live-turns.js';

/** What hears and speaks. */
@Injectable()
export class AudioServices {
  constructor(
    readonly transcriptions: TranscriptionService,
    readonly speech: SpeechService,
  ) {}
}

/** What asks models for a session. */
@Injectable()
export class InnerServices {
  constructor(
    readonly metering: Metering,
    readonly generation: GenerationService,
    readonly audio: AudioServices,
    readonly config: Config,
  ) {}

  /** Where recordings are while a vendor hears them; what a killed process left there is swept at the start. */
  get folder(): string {
    return path.resolve(this.config.dataDir, 'tmp');
  }
}

type Run = (call: Call, meter: CallMeter) => Promise<void>;

/** What hears of the record that a call leaves, before it is made; and by when it is to be stopped. */
export interface Watch {
  readonly signal: AbortSignal;
  opened(meter: CallMeter): void;
}

export interface Transcriber {
  /** Several are divided by commas, the first choice first. */
  readonly model: string;
  /** ISO 639-1. */
  readonly language?: string | undefined;
  /** Names, the topic, what was said before. */
  readonly hint?: string | undefined;
}

interface Asked {
  readonly signal: AbortSignal;
  /** Models that are asked where the first one fails. */
  readonly others: readonly string[];
  /** How long one of them may be silent before that, in ms. */
  readonly silenceMs: number;
}

/** Which of them takes a request of the minute; the others belong to it. */
type Counted = 'write' | 'transcribe';

export type ModelCalls = Pick<InnerCalls, 'write' | 'transcribe' | 'speak' | 'idle'>;

/**
 * The calls that a session makes of models: each is admitted, paid and recorded like any call of its key, and has an id made of the
 * session's. None takes a place among the open calls, as the session has one.
 */
export class InnerCalls {
  private sum = 0;
  private readonly running = new WorkUnderWay();

  constructor(
    private readonly services: InnerServices,
    private readonly call: Call,
    private readonly counted: Counted,
  ) {}

  /**
   * A text, streamed in the words of chat. Also resolves when it was broken off, and when the stream told that it failed.
   *
   * @throws GatewayError when it failed before its first byte
   */
  async write(body: Buffer, reply: CallerReply, { signal, opened }: Watch): Promise<CallMeter> {
    await this.count('write');
    const { generation } = this.services;
    const call = this.own(signal, this.call.routing);
    const input = {
      call,
      dialect: openAiChatClient,
      endpoint: REALTIME_ENDPOINT,
      body: Promise.resolve(body),
      reply,
    };
    const meter = generation.open(input);
    opened(meter);
    const planned = await generation.plan(input, meter);
    const carried = generation.carry(input, planned, meter);
    this.running.add(carried);
    await carried;
    return meter;
  }

  /** What was said. @throws GatewayError */
  async transcribe(
    sound: Sound,
    { model: models, language, hint }: Transcriber,
    signal: AbortSignal,
  ): Promise<string> {
    await this.count('transcribe');
    const file = path.join(this.services.folder, randomUUID());
    const { pcm, rate } = sound;
    const wav = Buffer.concat([wavHeader(pcm.length, rate), pcm]);
    const reply = new CollectingReply();
    const [model, ...others] = models.split(',');
    const silenceMs = this.services.config.realtimeSilenceMs + durationOf(sound);
    try {
      await keep(file, wav);
      await this.metered({ signal, others, silenceMs }, (call, meter) =>
        this.services.audio.transcriptions.run({
          call,
          meter,
          task: 'transcriptions',
          fields: readTranscriptionFields(
            'transcriptions',
            {
              model,
              ...(language !== undefined && { language }),
              ...(hint !== undefined && { prompt: hint }),
            },
            null,
          ),
          file: { path: file, name: 'speech.wav', mime: 'audio/wav', bytes: wav.length },
          reply,
        }),
      );
    } finally {
      await rm(file, { force: true });
    }
    const { text } = JSON.parse(reply.bytes.toString()) as { text?: unknown };
    return typeof text === 'string' ? text.trim() : '';
  }

  /**
   * PCM of 24 kHz, streamed. Also resolves when it was cut: the reply has not ended then.
   *
   * @throws GatewayError when it failed before its first byte
   */
  async speak(
    said: { readonly model: string; readonly voice: string; readonly input: string },
    reply: CallerReply,
    { signal, opened }: Watch,
  ): Promise<void> {
    const [model, ...others] = said.model.split(',');
    const body = Buffer.from(JSON.stringify({ ...said, model, response_format: 'pcm' }));
    const silenceMs = this.services.config.realtimeSilenceMs;
    await this.metered({ signal, others, silenceMs }, (call, meter) => {
      opened(meter);
      return this.services.audio.speech.run({ call, meter, body, reply });
    });
  }

  /** Resolves when all of them are on record. */
  idle(): Promise<void> {
    return this.running.idle();
  }

  private async count(which: Counted): Promise<void> {
    if (which === this.counted) {
      await this.call.countRequest?.();
    }
  }

  private metered({ signal, others, silenceMs }: Asked, run: Run): Promise<void> {
    const { tags, metadata } = this.call.routing ?? {};
    // Models and time limits are for the text.
    const routing = {
      ...(tags !== undefined && { tags }),
      ...(metadata !== undefined && { metadata }),
      ...(others.length > 0 && { models: others.join(',') }),
    };
    const running = this.onRecord({ ...this.own(signal, routing), silenceMs }, run);
    this.running.add(running);
    return running;
  }

  private async onRecord(call: Call, run: Run): Promise<void> {
    const meter = this.services.metering.open(call, REALTIME_ENDPOINT);
    try {
      await run(call, meter);
    } catch (error) {
      throw await closeBroken({ call }, meter, explainDepth(error), null);
    }
  }

  /** Nothing of what is for the session's own answer: nobody reads annotations, and no answer of a conversation is kept. */
  private own(signal: AbortSignal, routing: Call['routing']): Call {
    const { metered: _metered, staysFor: _staysFor, ...call } = this.call;
    const now = performance.now();
    this.sum += 1;
    return {
      ...call,
      id: turnId(call.id, this.sum),
      receivedAt: Math.round(call.receivedAt + now - call.startedAt),
      startedAt: now,
      annotate: false,
      routing,
      cache: null,
      quota: null,
      signal: AbortSignal.any([call.signal, signal]),
      ...(call.trace && { trace: { ...call.trace, partOf: call.id } }),
    };
  }
}

/** For the gateway's eyes only. @throws FileStoreError (503) */
async function keep(file: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new FileStoreError(error);
  }
}

import { readDirectives } from '../answering/directives.js';
import { pieces } from '../answering/tokens.js';
import type { JsonObject } from '../json.js';
import { asNumber, asObject, asText, isObject } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { Line } from '../realtime/live-dialect.js';
import type { Message } from '../realtime/outlet.js';
import { durationOfPcm, SPOKEN_RATE } from '../pcm.js';
import { VoiceActivity } from '../realtime/voice-activity.js';
import { usageOf } from '../transcription/transcript.js';
import type { Item } from './conversation.js';
import { idOf } from './ids.js';
import { textDelta } from './output.js';
import type { Settings } from './settings.js';

const SHORTEST_COMMIT_MS = 100;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

type Emit = (event: Message) => Promise<boolean>;

/** What the input audio tells its session. */
export interface Listener {
  emit: Emit;
  /** Somebody speaks. */
  speechStarted(): void;
  /** A speech is over, and is an item of the conversation now. */
  speechStopped(item: Item): Promise<void>;
}

/** The input audio buffer: how long it is, and whether somebody speaks in it. Of the sound itself nothing is kept. */
export class InputAudio {
  private bufferedMs = 0;
  private speech: { readonly itemId: string; readonly startMs: number } | undefined;
  private activity: VoiceActivity | undefined;
  private detection: JsonObject = {};

  constructor(
    private readonly line: Line,
    private readonly listener: Listener,
  ) {}

  /** Follows the session's turn detection. */
  configure(settings: Settings): void {
    const detection = asObject(settings.audio);
    const told = asObject(detection.input).turn_detection;
    if (JSON.stringify(told) === JSON.stringify(this.detection)) {
      return;
    }
    this.detection = asObject(told);
    this.speech = undefined;
    this.activity = isObject(told)
      ? new VoiceActivity(SPOKEN_RATE, {
          threshold: asNumber(told.threshold) ?? 0.5,
          silenceMs: asNumber(told.silence_duration_ms) ?? 500,
          prefixMs: asNumber(told.prefix_padding_ms) ?? 300,
        })
      : undefined;
  }

  async append(audio: string): Promise<void> {
    require400(BASE64.test(audio) && audio.length % 4 === 0, 'Invalid audio. Expected base64-encoded PCM.', {
      code: 'invalid_value',
      param: 'audio',
    });
    const pcm = Buffer.from(audio, 'base64');
    this.bufferedMs += durationOfPcm(pcm.length);
    for (const { kind, atMs } of this.activity?.hear(pcm) ?? []) {
      await (kind === 'started' ? this.begin(atMs) : this.finish(atMs));
    }
  }

  /** The client says that its speech is over. */
  commit(): Promise<void> {
    const ms = this.bufferedMs;
    if (ms < SHORTEST_COMMIT_MS) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${ms.toFixed(2)}ms of audio.`;
      throw new Refusal(400, message, { code: 'input_audio_buffer_commit_empty' });
    }
    const itemId = this.speech?.itemId ?? idOf('item', this.line.world);
    return this.release(itemId, ms);
  }

  clear(): Promise<boolean> {
    this.bufferedMs = 0;
    this.speech = undefined;
    this.activity?.reset();
    return this.listener.emit({ type: 'input_audio_buffer.cleared' });
  }

  private async begin(startMs: number): Promise<void> {
    const itemId = idOf('item', this.line.world);
    this.speech = { itemId, startMs };
    this.listener.speechStarted();
    const type = 'input_audio_buffer.speech_started';
    await this.listener.emit({ type, audio_start_ms: startMs, item_id: itemId });
  }

  private async finish(endMs: number): Promise<void> {
    const { speech } = this;
    if (speech) {
      const type = 'input_audio_buffer.speech_stopped';
      await this.listener.emit({ type, audio_end_ms: endMs, item_id: speech.itemId });
      await this.release(speech.itemId, endMs - speech.startMs);
    }
  }

  private release(id: string, audioMs: number): Promise<void> {
    this.bufferedMs = 0;
    this.speech = undefined;
    this.activity?.reset();
    const content = [{ type: 'input_audio', transcript: null }];
    const wire = { id, type: 'message', status: 'completed', role: 'user', content };
    return this.listener.speechStopped({ id, wire, audioMs });
  }
}

/** What was heard: it depends on nothing but the length, or a directive says it. */
export function wordsHeard(audioMs: number, settings: Settings): string {
  const { prompt } = transcriptionOf(settings);
  const asked = readDirectives(asText(prompt)).directives.get('say');
  const told = readDirectives(asText(settings.instructions)).directives.get('hear');
  return asked ?? told ?? `I spoke for ${Math.round(audioMs)} ms.`;
}

function transcriptionOf(settings: Settings): JsonObject {
  return asObject(asObject(asObject(settings.audio).input).transcription);
}

/** Tells what was heard, where the session asks for it. */
export async function transcribe(item: Item, settings: Settings, line: Line, emit: Emit): Promise<void> {
  const { model, prompt } = transcriptionOf(settings);
  if (model === undefined) {
    return;
  }
  const kind = 'conversation.item.input_audio_transcription';
  const at = { item_id: item.id, content_index: 0 };
  if (model === 'no-such-model') {
    const message = 'Input transcription failed for item. The model does not exist.';
    // As recordings/realtime/realtime-azure-ws-audio-in-server-vad-transcription-requires-deployment has it.
    const error = { type: 'server_error', code: 'DeploymentNotFound', message, param: null };
    await emit({ type: `${kind}.failed`, ...at, error });
    return;
  }
  const transcript = item.heard ?? '';
  for (const piece of pieces(transcript)) {
    await emit(textDelta({ type: `${kind}.delta`, ...at }, piece));
  }
  const seconds = item.audioMs / 1000;
  const usage = usageOf({ model: asText(model), seconds, prompt: asText(prompt), text: transcript });
  const sold =
    usage.type === 'duration'
      ? { audio_seconds: usage.seconds }
      : {
          input: usage.input_tokens,
          output: usage.output_tokens,
          audio_input: usage.input_token_details.audio_tokens,
        };
  line.world.bill.add(line.vendor, asText(model), sold);
  await emit({ type: `${kind}.completed`, ...at, transcript, usage });
}

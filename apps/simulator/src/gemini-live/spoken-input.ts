import { readDirectives } from '../answering/directives.js';
import { field } from '../gemini/fields.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import { require400 } from '../refusal.js';
import { durationOfPcm } from '../pcm.js';
import { VoiceActivity } from '../realtime/voice-activity.js';
import type { Setup } from './setup.js';

export type LiveInput = JsonObject;

const DEFAULT_RATE = 16_000;
const LOWEST_RATE = 8000;
const HIGHEST_RATE = 48_000;

/** What speech tells its session. */
interface Listener {
  started(): Promise<void>;
  /** @param text what was heard */
  stopped(text: string, audioMs: number): Promise<void>;
}

/** Speech as it comes: its length, and where it begins and ends. Of the sound itself nothing is kept. */
export class SpokenInput {
  private activity: VoiceActivity | undefined;
  private rate = DEFAULT_RATE;
  private heardMs = 0;
  /** Where the speech that goes on began. */
  private startMs: number | undefined;

  constructor(
    private readonly setup: Setup,
    private readonly listener: Listener,
  ) {}

  async take(input: LiveInput): Promise<void> {
    if (field(input, 'activityStart') !== undefined) {
      require400(
        this.setup.voice === undefined,
        'Explicit activity control is not supported when automatic activity detection is enabled.',
      );
      await this.start(this.heardMs);
    }
    for (const blob of [field(input, 'audio'), ...asList(field(input, 'mediaChunks'))]) {
      await this.hear(blob);
    }
    if (field(input, 'activityEnd') !== undefined || field(input, 'audioStreamEnd') === true) {
      await this.stop(this.heardMs);
    }
  }

  private async hear(blob: Json | undefined): Promise<void> {
    const [type, rate] = asText(field(blob, 'mimeType')).split(';rate=');
    if (type !== 'audio/pcm') {
      return;
    }
    this.tune(Number(rate ?? DEFAULT_RATE));
    const pcm = Buffer.from(asText(asObject(blob).data), 'base64');
    this.heardMs += durationOfPcm(pcm.length, this.rate);
    for (const { kind, atMs } of this.activity?.hear(pcm) ?? []) {
      await (kind === 'started' ? this.start(atMs) : this.stop(atMs));
    }
  }

  /** Google takes sound of any rate that its type tells. */
  private tune(rate: number): void {
    require400(
      rate >= LOWEST_RATE && rate <= HIGHEST_RATE,
      'Request contains an invalid argument: the rate.',
    );
    const { voice } = this.setup;
    if (voice && (!this.activity || rate !== this.rate)) {
      this.activity = new VoiceActivity(rate, voice);
    }
    this.rate = rate;
  }

  private async start(atMs: number): Promise<void> {
    this.startMs = atMs;
    await this.listener.started();
  }

  private async stop(atMs: number): Promise<void> {
    if (this.startMs !== undefined) {
      const audioMs = Math.max(atMs - this.startMs, 0);
      this.startMs = undefined;
      this.activity?.reset();
      await this.listener.stopped(wordsHeard(audioMs, this.setup), audioMs);
    }
  }
}

/** What was heard: it depends on nothing but the length, or the system instruction says it by `[[sim:hear …]]`. */
function wordsHeard(audioMs: number, { body }: Setup): string {
  const parts = asList(field(field(body, 'systemInstruction'), 'parts')).map(asObject);
  const { directives } = readDirectives(parts.map(({ text }) => asText(text)).join('\n'));
  return directives.get('hear') ?? `I spoke for ${Math.round(audioMs)} ms.`;
}

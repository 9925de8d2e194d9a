import { BYTES_PER_SAMPLE } from '../pcm.js';

/** How speech is told from silence. */
export interface VoiceSettings {
  /** From 0 to 1: how loud it has to be. */
  readonly threshold: number;
  /** Milliseconds of silence that end a speech. */
  readonly silenceMs: number;
  /** Milliseconds before the first sound that belong to it. */
  readonly prefixMs: number;
}

/** Speech began or ended, in milliseconds since the first sample of the session. */
export interface VoiceEvent {
  readonly kind: 'started' | 'stopped';
  readonly atMs: number;
}

const WINDOW_MS = 20;
/** A click is no speech. */
const FEWEST_LOUD_WINDOWS = 3;
/** Root mean square, of 32,768, at the threshold 1. */
const LOUD = 1600;

/** Finds speech in PCM of 16 bits by the loudness of windows of 20 ms. */
export class VoiceActivity {
  private rest: Buffer = Buffer.alloc(0);
  private heardMs = 0;
  private loud = 0;
  private quiet = 0;
  private isSpeech = false;
  private readonly windowBytes: number;

  /** @param rate samples of a second */
  constructor(
    rate: number,
    private readonly settings: VoiceSettings,
  ) {
    this.windowBytes = ((rate * WINDOW_MS) / 1000) * BYTES_PER_SAMPLE;
  }

  hear(pcm: Buffer): readonly VoiceEvent[] {
    const all = this.rest.length === 0 ? pcm : Buffer.concat([this.rest, pcm]);
    const events: VoiceEvent[] = [];
    let at = 0;
    for (; at + this.windowBytes <= all.length; at += this.windowBytes) {
      const event = this.hearWindow(all.subarray(at, at + this.windowBytes));
      if (event) {
        events.push(event);
      }
    }
    this.rest = Buffer.from(all.subarray(at));
    return events;
  }

  /** What was heard of a speech is forgotten. */
  reset(): void {
    this.isSpeech = false;
    this.loud = 0;
    this.quiet = 0;
  }

  private hearWindow(window: Buffer): VoiceEvent | undefined {
    this.heardMs += WINDOW_MS;
    const isLoud = loudness(window) > this.settings.threshold * LOUD;
    this.loud = isLoud ? this.loud + 1 : 0;
    this.quiet = isLoud ? 0 : this.quiet + 1;
    if (!this.isSpeech && this.loud >= FEWEST_LOUD_WINDOWS) {
      this.isSpeech = true;
      const atMs = this.heardMs - FEWEST_LOUD_WINDOWS * WINDOW_MS - this.settings.prefixMs;
      return { kind: 'started', atMs: Math.max(atMs, 0) };
    }
    if (this.isSpeech && this.quiet * WINDOW_MS >= this.settings.silenceMs) {
      this.reset();
      return { kind: 'stopped', atMs: this.heardMs };
    }
    return undefined;
  }
}

function loudness(window: Buffer): number {
  let sum = 0;
  for (let at = 0; at < window.length; at += BYTES_PER_SAMPLE) {
    sum += window.readInt16LE(at) ** 2;
  }
  return Math.sqrt(sum / (window.length / BYTES_PER_SAMPLE));
}

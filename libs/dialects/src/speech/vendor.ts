import type { StreamReader, Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';

/** What each format of sound is sent as. */
export const SPEECH_TYPES = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
} as const;
export type SpeechFormat = keyof typeof SPEECH_TYPES;

/** What is asked of a vendor whose endpoint is not OpenAI's. */
export interface SpeechRequest {
  readonly input: string;
  /** A name, or an id. */
  readonly voice: string;
  /** How it is to be spoken; empty: as it comes. */
  readonly instructions: string;
  readonly format: SpeechFormat;
  /** 1 is usual. */
  readonly speed: number;
  /** Members of the body that OpenAI has not: the vendor's own. */
  readonly others: Wire;
}

export interface WrittenSpeech {
  /** Path and query below its base URL. */
  readonly path: string;
  readonly body: Wire;
  /** It answers with bare samples (24 kHz, 16 bits, one channel), of which the gateway has to make a WAV. */
  readonly isBare?: boolean;
}

/** How a vendor of another shape speaks. Pure functions; no network. */
export interface SpeechVendor {
  /** What cannot be said goes to `losses`. */
  writeRequest(request: SpeechRequest, target: Target, losses: Losses): WrittenSpeech;
  /** Of a vendor that tells the sound in events, as `media` of bare samples as above; absent: it answers with the sound as it is. */
  streamReader?(target: Target): StreamReader;
}

/** As near as the vendor comes to it. */
export function speedWithin(
  [slowest, fastest]: readonly [number, number],
  { speed }: SpeechRequest,
  losses: Losses,
): number {
  const near = Math.min(fastest, Math.max(slowest, speed));
  if (near !== speed) {
    losses.approximated('speed', `The vendor speaks at ${slowest} to ${fastest}; ${near} was asked for.`);
  }
  return near;
}

export function refuseInstructions({ instructions }: SpeechRequest, losses: Losses): void {
  if (instructions !== '') {
    losses.dropped('instructions', 'The vendor takes a text and a voice, and no instructions.');
  }
}

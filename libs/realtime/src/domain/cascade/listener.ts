import { BYTES_PER_SAMPLE, type LiveActivity, type Sound } from '@app/dialects';
import { InvalidRequestError } from '@app/shared';
import { NOTICED_MS, VoiceActivity, WINDOW_MS, windowBytes } from './voice-activity.js';

const SILENCE_MS = 500;
const PREFIX_MS = 300;
const LONGEST_PREFIX_MS = 5000;
const RATES = { least: 8000, most: 48_000 };
/** Who speaks for longer is heard in several pieces. */
const LONGEST_SPEECH_MS = 180_000;
/** Less is a slip of the finger. */
const SHORTEST_SPEECH_MS = 40;

/** Hears where speeches begin and end, in milliseconds of all the sound that came. */
export interface Ear {
  begun(atMs: number): void;
  ended(atMs: number): void;
  /** A whole speech, or a piece of one that goes on. */
  heard(speech: Sound, isWhole: boolean): void;
}

/** 400 */
export class NoSuchSoundError extends InvalidRequestError {
  constructor(rate: number) {
    super(
      `Sound with ${rate} samples a second is not understood here. Send PCM with ${RATES.least} to ${RATES.most}.`,
      'rate',
      'unsupported_sound',
    );
  }
}

/** @throws NoSuchSoundError (400) */
export function assertRate(rate: number): void {
  if (!(rate >= RATES.least && rate <= RATES.most)) {
    throw new NoSuchSoundError(rate);
  }
}

/** Gathers the sound of a caller into speeches: between the words of a caller that says so itself, or by listening to it. */
export class Listener {
  private activity: LiveActivity | null = null;
  private voice: VoiceActivity | null = null;
  private rate = 0;
  /** Without what is less than a window. */
  private heardMs = 0;
  /** What came before anybody spoke, as much as belongs to a speech; of one that is under way, all of it. */
  private pieces: Buffer[] = [];
  private bytes = 0;
  /** Less than a window. */
  private rest: Buffer = Buffer.alloc(0);

  /** @param mostBytes of one speech */
  constructor(
    private readonly ear: Ear,
    private readonly mostBytes: number,
  ) {}

  /** @param activity null: the caller says itself when it speaks */
  settle(activity: LiveActivity | null): void {
    const isOther = activity?.silenceMs !== this.activity?.silenceMs || !activity !== !this.activity;
    this.activity = activity;
    if (isOther) {
      this.forget();
      this.voice = activity && new VoiceActivity(activity.silenceMs ?? SILENCE_MS);
    }
  }

  /** @throws NoSuchSoundError (400) */
  hear({ pcm, rate }: Sound): void {
    assertRate(rate);
    if (rate !== this.rate) {
      this.change(rate);
    }
    const size = windowBytes(rate);
    const all = this.rest.length === 0 ? pcm : Buffer.concat([this.rest, pcm]);
    this.rest = Buffer.alloc(0);
    let at = 0;
    for (; at + size <= all.length; at += size) {
      this.hearWindow(Buffer.from(all.subarray(at, at + size)));
    }
    this.rest = Buffer.from(all.subarray(at));
  }

  /** The caller has spoken. False when there was nothing to be heard. @param isWhole false: and goes on */
  end(isWhole: boolean): boolean {
    const isSpeech = this.voice ? this.voice.isSpeech : true;
    const pcm = Buffer.concat([...this.pieces, this.rest.subarray(0, this.rest.length & ~1)]);
    this.forget();
    if (!isSpeech || pcm.length < this.bytesOf(SHORTEST_SPEECH_MS) || pcm.length === 0) {
      return false;
    }
    this.ear.heard({ pcm, rate: this.rate }, isWhole);
    return true;
  }

  forget(): void {
    this.heardMs += this.msOf(this.rest.length);
    this.voice?.reset();
    this.pieces = [];
    this.bytes = 0;
    this.rest = Buffer.alloc(0);
  }

  /** What was said at another rate is a speech of its own, or a piece of one. */
  private change(rate: number): void {
    if (this.voice?.isSpeech) {
      this.take();
    } else if (!this.voice) {
      this.end(false);
    }
    this.forget();
    this.rate = rate;
  }

  private hearWindow(window: Buffer): void {
    this.pieces.push(window);
    this.bytes += window.length;
    this.heardMs += WINDOW_MS;
    const { voice } = this;
    const edge = voice?.hear(window);
    if (edge === 'begun') {
      this.ear.begun(this.heardMs - this.msOf(this.bytes));
    } else if (edge === 'ended') {
      this.take();
    } else if (voice && !voice.isSpeech) {
      this.trim();
    }
    if (this.bytes >= Math.min(this.mostBytes, this.bytesOf(LONGEST_SPEECH_MS))) {
      this.cutShort();
    }
  }

  private cutShort(): void {
    if (this.voice) {
      this.take();
    } else {
      this.end(false);
    }
  }

  /** The speech that has ended. */
  private take(): void {
    const pcm = Buffer.concat(this.pieces);
    this.voice?.reset();
    this.pieces = [];
    this.bytes = 0;
    this.ear.ended(this.heardMs);
    this.ear.heard({ pcm, rate: this.rate }, true);
  }

  private trim(): void {
    const askedMs = this.activity?.prefixMs ?? PREFIX_MS;
    const prefixMs = Math.min(LONGEST_PREFIX_MS, Math.max(0, askedMs)) + NOTICED_MS;
    const most = this.bytesOf(prefixMs);
    while (this.bytes > most && this.pieces.length > 0) {
      this.bytes -= this.pieces.shift()?.length ?? 0;
    }
  }

  private msOf(bytes: number): number {
    return this.rate === 0 ? 0 : (bytes / BYTES_PER_SAMPLE / this.rate) * 1000;
  }

  private bytesOf(ms: number): number {
    return Math.floor((this.rate * ms) / 1000) * BYTES_PER_SAMPLE;
  }
}

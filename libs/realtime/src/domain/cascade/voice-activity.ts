import { BYTES_PER_SAMPLE } from '@app/dialects';

export const WINDOW_MS = 20;
/** A click is no speech. */
const FEWEST_LOUD_WINDOWS = 4;
/** So many times louder than the noise is speech, which goes on until it is no more than so many times louder. */
const BEGINS_ABOVE = 4;
const GOES_ON_ABOVE = 2;
/** Root mean square of 32,768: in the quietest room a voice has more. */
const FAINTEST = 200;
const QUIETEST_NOISE = 20;
/** The floor falls to a quieter room within some windows, and rises slowly: 6 dB in so many ms; slower while somebody speaks. */
const FALL = 0.3;
const RISE_MS = 1500;
const RISE_IN_SPEECH_MS = 10_000;

/** Tells speech from noise by the loudness of windows of 20 ms, over the noise that there is anyway. PCM of 16 bits, one channel. */
export class VoiceActivity {
  isSpeech = false;
  private noise = FAINTEST / BEGINS_ABOVE;
  private loud = 0;
  private quiet = 0;

  /** @param silenceMs of silence end a speech */
  constructor(private readonly silenceMs: number) {}

  /** Of one window: what it has begun or ended; null: nothing. */
  hear(window: Buffer): 'begun' | 'ended' | null {
    const level = loudnessOf(window);
    const isLoud = level > Math.max(FAINTEST, this.noise * BEGINS_ABOVE);
    const isHeard = isLoud || (this.isSpeech && level > Math.max(FAINTEST / 2, this.noise * GOES_ON_ABOVE));
    this.follow(level);
    this.loud = isLoud ? this.loud + 1 : 0;
    this.quiet = isHeard ? 0 : this.quiet + 1;
    if (!this.isSpeech && this.loud >= FEWEST_LOUD_WINDOWS) {
      this.isSpeech = true;
      return 'begun';
    }
    if (this.isSpeech && this.quiet * WINDOW_MS >= this.silenceMs) {
      this.reset();
      return 'ended';
    }
    return null;
  }

  /** As if nobody had spoken; the noise is known all the same. */
  reset(): void {
    this.isSpeech = false;
    this.loud = 0;
    this.quiet = 0;
  }

  private follow(level: number): void {
    if (level < this.noise) {
      this.noise = Math.max(QUIETEST_NOISE, this.noise + (level - this.noise) * FALL);
    } else {
      const doubling = this.isSpeech ? RISE_IN_SPEECH_MS : RISE_MS;
      this.noise = Math.min(level, this.noise * 2 ** (WINDOW_MS / doubling));
    }
  }
}

/** Windows before which a speech that was just noticed has begun. */
export const NOTICED_MS = FEWEST_LOUD_WINDOWS * WINDOW_MS;

export function windowBytes(rate: number): number {
  return Math.round((rate * WINDOW_MS) / 1000) * BYTES_PER_SAMPLE;
}

/** Without its direct current: cheap microphones have some. */
function loudnessOf(window: Buffer): number {
  const count = window.length / BYTES_PER_SAMPLE;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < window.length; at += BYTES_PER_SAMPLE) {
    const sample = window.readInt16LE(at);
    sum += sample;
    squares += sample * sample;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

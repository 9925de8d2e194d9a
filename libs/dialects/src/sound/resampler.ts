import type { Sound } from '../domain/live-crossing.js';
import { BYTES_PER_SAMPLE } from './pcm.js';

/** Rates that sound can have here, in samples of a second. */
export const RATES: ReadonlySet<number> = new Set([
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
]);

const LOUDEST = 32_767;
/** Zero crossings of the filter on either side: at 16 kHz it waits for less than a millisecond of what comes. */
const CROSSINGS = 12;
/** Of the lower of both rates' highest tone: what lies above has room to fade out. */
const CUTOFF = 0.94;

/** Weights of neighbouring samples, for each place that a new sample can have between two old ones. */
interface Filter {
  readonly phases: number;
  /** Samples on either side. */
  readonly reach: number;
  readonly weights: Float32Array;
}

const filters = new Map<string, Filter>();

/**
 * Brings sound that comes in pieces to another rate, by a polyphase windowed sinc. It is our own because libsamplerate's
 * port takes 16 MB for each stream, and SpeexDSP's never gives back what a stream took.
 */
export class Resampler {
  private readonly filter: Filter;
  private readonly step: number;
  /** Samples that may still be needed; the next new one lies behind `at` of them. */
  private held: Int16Array;
  private at: number;
  private phase = 0;
  private odd: Buffer = Buffer.alloc(0);

  /** @param from one of `RATES` @param to another one */
  constructor(from: number, to: number) {
    const common = divisorOf(from, to);
    this.step = from / common;
    this.filter = filterOf(to / common, this.step);
    this.held = new Int16Array(this.filter.reach);
    this.at = this.filter.reach - 1;
  }

  /** What can be said of it so far; less than a millisecond waits for what comes. */
  feed(pcm: Buffer): Buffer {
    const { phases, reach, weights } = this.filter;
    const samples = this.with(pcm);
    const out = new Int16Array(Math.ceil((samples.length * phases) / this.step) + 1);
    const taps = 2 * reach;
    let count = 0;
    for (; this.at + reach < samples.length; count += 1) {
      let sum = 0;
      const first = this.at - reach + 1;
      const row = this.phase * taps;
      for (let tap = 0; tap < taps; tap += 1) {
        sum += (samples[first + tap] as number) * (weights[row + tap] as number);
      }
      out[count] = Math.max(-LOUDEST, Math.min(LOUDEST, Math.round(sum)));
      this.phase += this.step;
      this.at += Math.floor(this.phase / phases);
      this.phase %= phases;
    }
    const done = Math.min(this.at - reach + 1, samples.length);
    this.held = samples.slice(done);
    this.at -= done;
    return Buffer.from(out.buffer, 0, count * BYTES_PER_SAMPLE);
  }

  private with(pcm: Buffer): Int16Array {
    const all = this.odd.length === 0 ? pcm : Buffer.concat([this.odd, pcm]);
    const whole = all.length - (all.length % BYTES_PER_SAMPLE);
    this.odd = Buffer.from(all.subarray(whole));
    const count = whole / BYTES_PER_SAMPLE;
    const samples = new Int16Array(this.held.length + count);
    samples.set(this.held);
    for (let index = 0; index < count; index += 1) {
      samples[this.held.length + index] = all.readInt16LE(index * BYTES_PER_SAMPLE);
    }
    return samples;
  }
}

/** Sound of any rates at one of them. */
export class AtRate {
  private resampler: Resampler | null = null;
  private from: number;

  constructor(private readonly rate: number) {
    this.from = rate;
  }

  of({ pcm, rate }: Sound): Buffer {
    if (rate !== this.from) {
      this.from = rate;
      this.resampler = rate === this.rate ? null : new Resampler(rate, this.rate);
    }
    return this.resampler?.feed(pcm) ?? pcm;
  }
}

function filterOf(phases: number, step: number): Filter {
  const name = `${phases}/${step}`;
  const known = filters.get(name) ?? newFilter(phases, step);
  filters.set(name, known); // of nine rates there are few pairs
  return known;
}

function newFilter(phases: number, step: number): Filter {
  const cutoff = CUTOFF * Math.min(1, phases / step);
  const reach = Math.ceil(CROSSINGS / cutoff);
  const weights = new Float32Array(phases * 2 * reach);
  for (let phase = 0; phase < phases; phase += 1) {
    const row = weights.subarray(phase * 2 * reach, (phase + 1) * 2 * reach);
    row.forEach((_, tap) => {
      const distance = tap - reach + 1 - phase / phases;
      row[tap] = cutoff * sinc(cutoff * distance) * window(distance / reach);
    });
    const sum = row.reduce((total, weight) => total + weight, 0);
    row.forEach((weight, tap) => (row[tap] = weight / sum)); // silence stays as silent as it is
  }
  return { phases, reach, weights };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Blackman's. @param x from -1 to 1 */
function window(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b);
}

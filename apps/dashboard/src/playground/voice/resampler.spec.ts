import { Resampler, VOICE_HZ } from './resampler.js';

/** @param seconds of a tone */
function tone(rate: number, seconds: number, hz = 440): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hz * at) / rate));
}

/** How often it goes through zero upwards. */
function periods(samples: readonly number[]): number {
  return samples.filter((sample, at) => sample >= 0 && (samples[at - 1] ?? 0) < 0).length;
}

describe('sound of another rate', () => {
  it.each([16_000, 24_000, 44_100, 48_000, 96_000])('keeps its length and its pitch: %i', rate => {
    const samples = new Resampler(rate).push(tone(rate, 1));

    expect(Math.abs(samples.length - VOICE_HZ)).toBeLessThanOrEqual(1);
    expect(Math.abs(periods(samples) - 440)).toBeLessThanOrEqual(1);
    expect(Math.max(...samples)).toBeGreaterThan(32_000);
  });

  it('is the same in pieces', () => {
    const whole = tone(44_100, 0.5);
    const resampler = new Resampler(44_100);
    const pieces: number[] = [];
    for (let at = 0; at < whole.length; at += 128) {
      pieces.push(...resampler.push(whole.subarray(at, at + 128)));
    }
    expect(pieces).toEqual(new Resampler(44_100).push(whole));
  });

  it('is never louder than 16 bits can say', () => {
    expect(new Resampler(48_000).push(Float32Array.of(3, 3, -3, -3))).toEqual([32_767, -32_767]);
  });
});

import { AtRate, RATES, Resampler } from './resampler.js';

const tone = (hertz: number, rate: number, ms: number): Buffer => {
  const pcm = Buffer.alloc(Math.round((rate * ms) / 1000) * 2);
  for (let at = 0; at < pcm.length / 2; at += 1) {
    pcm.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / rate)), at * 2);
  }
  return pcm;
};

/** How much of a tone is in sound: 1 is all of it. */
function share(pcm: Buffer, hertz: number, rate: number): number {
  const count = pcm.length / 2;
  let real = 0;
  let imaginary = 0;
  let all = 0;
  for (let at = 0; at < count; at += 1) {
    const sample = pcm.readInt16LE(at * 2);
    real += sample * Math.cos((2 * Math.PI * hertz * at) / rate);
    imaginary += sample * Math.sin((2 * Math.PI * hertz * at) / rate);
    all += sample * sample;
  }
  return (2 * (real ** 2 + imaginary ** 2)) / count / all;
}

const power = (pcm: Buffer): number => {
  let sum = 0;
  for (let at = 0; at < pcm.length; at += 2) {
    sum += pcm.readInt16LE(at) ** 2;
  }
  return Math.sqrt(sum / (pcm.length / 2));
};

describe('a resampler', () => {
  it.each([
    [16_000, 24_000],
    [24_000, 16_000],
    [24_000, 8000],
    [8000, 24_000],
    [44_100, 24_000],
    [48_000, 24_000],
  ])('keeps a tone as long, as loud and as high from %d to %d', (from, to) => {
    const out = new Resampler(from, to).feed(tone(1000, from, 1000));
    expect(out.length / 2 / to).toBeCloseTo(1, 2);
    expect(share(out, 1000, to)).toBeGreaterThan(0.999);
    expect(power(out) / power(tone(1000, to, 1000))).toBeCloseTo(1, 2);
  });

  it('lets no tone through that the lower rate cannot have', () => {
    const out = new Resampler(24_000, 16_000).feed(tone(10_000, 24_000, 500));
    expect(power(out)).toBeLessThan(0.01 * power(tone(10_000, 24_000, 500)));
  });

  it('says the same in pieces of any length, odd ones too', () => {
    const pcm = tone(440, 16_000, 300);
    const whole = new Resampler(16_000, 24_000).feed(pcm);
    const resampler = new Resampler(16_000, 24_000);
    const pieces: Buffer[] = [];
    for (let at = 0, length = 1; at < pcm.length; at += length, length = (length * 7) % 613) {
      pieces.push(resampler.feed(pcm.subarray(at, at + length)));
    }
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  });

  it('knows all rates, from and to each other', () => {
    for (const from of RATES) {
      for (const to of RATES) {
        const out = new AtRate(to).of({ pcm: tone(300, from, 200), rate: from });
        expect(out.length / 2 / to).toBeCloseTo(0.2, 1);
      }
    }
  });
});

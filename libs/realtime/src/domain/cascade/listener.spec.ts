import { readFileSync } from 'node:fs';
import type { LiveActivity, Sound } from '@app/dialects';
import { Listener, NoSuchSoundError } from './listener.js';

const RATE = 16_000;
const ACTIVITY: LiveActivity = { interrupts: true, answers: true };
/** Sixteen-bit samples of a voice that says hello, behind a header of 44 bytes. */
const HELLO = readFileSync('samples/hello.wav').subarray(44);

type At = (index: number, rate: number) => number;

const sine =
  (loudness: number): At =>
  (index, rate) =>
    loudness * Math.sin((2 * Math.PI * 220 * index) / rate);
/** The same at each run. */
const noise =
  (loudness: number): At =>
  index =>
    loudness * (((Math.sin(index * 12.9898) * 43_758.5453) % 1) * 2);

function pcm(ms: number, at: At = () => 0, rate = RATE): Buffer {
  const samples = Buffer.alloc(((ms * rate) / 1000) * 2);
  for (let index = 0; index < samples.length / 2; index++) {
    samples.writeInt16LE(Math.round(at(index, rate)), index * 2);
  }
  return samples;
}

class Heard {
  readonly told: string[] = [];
  readonly speeches: Sound[] = [];
  readonly listener: Listener;

  constructor(activity: LiveActivity | null = ACTIVITY, mostBytes = 10_000_000) {
    const ear = {
      begun: () => void this.told.push('begun'),
      ended: () => void this.told.push('ended'),
      heard: (speech: Sound, isWhole: boolean) => {
        this.told.push(isWhole ? 'speech' : 'piece');
        this.speeches.push(speech);
      },
    };
    this.listener = new Listener(ear, mostBytes);
    this.listener.settle(activity);
  }

  /** In pieces that are no windows. */
  hear(...sounds: readonly Buffer[]): this {
    const all = Buffer.concat(sounds);
    for (let at = 0; at < all.length; at += 777) {
      this.listener.hear({ pcm: all.subarray(at, at + 777), rate: RATE });
    }
    return this;
  }

  get lengthsMs(): number[] {
    return this.speeches.map(({ pcm: { length }, rate }) => (length / 2 / rate) * 1000);
  }
}

describe('a listener that finds speech itself', () => {
  it('hears nothing in silence, in noise, in a click', () => {
    const heard = new Heard()
      .hear(pcm(3000), pcm(5000, noise(100)))
      .hear(pcm(40, sine(20_000)), pcm(3000, noise(100)));
    expect(heard.told).toEqual([]);
  });

  it('hears a tone between silences, with what came shortly before and the silence that ended it', () => {
    const heard = new Heard().hear(pcm(2000), pcm(600, sine(8000)), pcm(1000));
    expect(heard.told).toEqual(['begun', 'ended', 'speech']);
    const [ms = 0] = heard.lengthsMs;
    expect(ms).toBeGreaterThanOrEqual(300 + 600 + 500);
    expect(ms).toBeLessThan(300 + 600 + 500 + 150);
  });

  it('hears somebody say hello, once, as it is and over noise', () => {
    for (const before of [pcm(1000), pcm(4000, noise(60))]) {
      const heard = new Heard().hear(before, HELLO, pcm(1000, noise(60)));
      expect(heard.told).toEqual(['begun', 'ended', 'speech']);
      expect(heard.lengthsMs[0]).toBeGreaterThan((HELLO.length / 2 / RATE) * 1000 * 0.7);
    }
  });

  it('takes a pause of a breath for none, and a longer one for an end', () => {
    const word = pcm(400, sine(6000));
    expect(new Heard().hear(pcm(500), word, pcm(300), word, pcm(800)).told).toEqual([
      'begun',
      'ended',
      'speech',
    ]);
    const short = new Heard({ ...ACTIVITY, silenceMs: 200 }).hear(pcm(500), word, pcm(300), word, pcm(800));
    expect(short.told.filter(what => what === 'speech')).toHaveLength(2);
  });

  it('gets used to a noise that goes on and on, and hears who is louder than that', () => {
    const loud = noise(1200);
    const heard = new Heard().hear(pcm(500), pcm(60_000, loud));
    heard.told.length = 0;
    heard.hear(pcm(10_000, loud));
    expect(heard.told).toEqual([]);
    heard.hear(
      pcm(600, (index, rate) => loud(index, rate) + sine(15_000)(index, rate)),
      pcm(1000, loud),
    );
    expect(heard.told).toEqual(['begun', 'ended', 'speech']);
  });

  it('does not take direct current for sound', () => {
    expect(new Heard().hear(pcm(3000, () => 5000)).told).toEqual([]);
  });

  it('forgets a speech, and hears the next', () => {
    const heard = new Heard().hear(pcm(500), pcm(600, sine(8000)));
    heard.listener.forget();
    heard.hear(pcm(1000));
    expect(heard.told).toEqual(['begun']);
    heard.hear(pcm(600, sine(8000)), pcm(1000));
    expect(heard.told).toEqual(['begun', 'begun', 'ended', 'speech']);
  });

  it.each([-81, -1e300, -Infinity, NaN])('goes on where a speech is said to begin %d ms early', prefixMs => {
    const heard = new Heard({ ...ACTIVITY, prefixMs }).hear(pcm(500), pcm(600, sine(8000)), pcm(1000));
    expect(heard.told).toEqual(['begun', 'ended', 'speech']);
  });

  it('ends a speech that is too long', () => {
    const most = pcm(2000).length;
    const heard = new Heard(ACTIVITY, most).hear(pcm(500), pcm(3000, sine(8000)));
    expect(heard.told.slice(0, 3)).toEqual(['begun', 'ended', 'speech']);
    expect(heard.speeches[0]?.pcm.length).toBeLessThanOrEqual(most + pcm(20).length);
  });

  it('ends a speech when it is told so', () => {
    const heard = new Heard().hear(pcm(500), pcm(600, sine(8000)));
    expect(heard.listener.end(true)).toBe(true);
    expect(heard.listener.end(true)).toBe(false);
    expect(heard.told).toEqual(['begun', 'speech']);
  });
});

describe('a listener that is told where speech is', () => {
  it('hears all that came, however quiet, to the sample', () => {
    const sound = pcm(1003, noise(10));
    const heard = new Heard(null).hear(sound);
    expect(heard.told).toEqual([]);
    expect(heard.listener.end(true)).toBe(true);
    expect(heard.speeches).toEqual([{ pcm: sound, rate: RATE }]);
  });

  it('hears a long one in pieces, without a loss', () => {
    const sound = pcm(2500, noise(1000));
    const heard = new Heard(null, pcm(1000).length).hear(sound);
    heard.listener.end(true);
    expect(heard.told).toEqual(['piece', 'piece', 'speech']);
    expect(Buffer.concat(heard.speeches.map(speech => speech.pcm)).equals(sound)).toBe(true);
  });

  it('keeps what was said at another rate apart', () => {
    const heard = new Heard(null).hear(pcm(100, sine(5000)));
    heard.listener.hear({ pcm: pcm(100, sine(5000), 24_000), rate: 24_000 });
    heard.listener.end(true);
    expect(heard.speeches.map(({ rate }) => rate)).toEqual([RATE, 24_000]);
  });

  it('hears nothing in less than a moment', () => {
    expect(new Heard(null).hear(pcm(20, sine(5000))).listener.end(true)).toBe(false);
  });

  it.each([0, 7999, 1e9, NaN])('refuses sound with %d samples a second', rate => {
    expect(() => new Heard(null).listener.hear({ pcm: pcm(20), rate })).toThrow(NoSuchSoundError);
  });
});

import { durationOf, speak } from './speech.js';
import { VoiceActivity } from './voice-activity.js';

const RATE = 24_000;
const BYTES_PER_MS = 48;
const SETTINGS = { threshold: 0.5, silenceMs: 200, prefixMs: 300 };

const silence = (ms: number): Buffer => Buffer.alloc(ms * BYTES_PER_MS);
const speech = (text: string): Buffer => Buffer.concat([...speak(text)]);

describe('voice activity', () => {
  const sound = Buffer.concat([silence(1000), speech('Hello'), silence(400), speech('again'), silence(60)]);

  it('is the same however the sound is cut into pieces', () => {
    const whole = new VoiceActivity(RATE, SETTINGS).hear(sound);
    for (const size of [1, 7, 959, 961, 4801]) {
      const activity = new VoiceActivity(RATE, SETTINGS);
      const events = Array.from({ length: Math.ceil(sound.length / size) }, (_, index) =>
        activity.hear(sound.subarray(index * size, (index + 1) * size)),
      );
      expect(events.flat()).toEqual(whole);
    }
    expect(whole.map(({ kind }) => kind)).toEqual(['started', 'stopped', 'started']);
  });

  it('begins before the first sound, and ends after the silence', () => {
    const [started, stopped] = new VoiceActivity(RATE, SETTINGS).hear(sound);
    expect(started?.atMs).toBe(1000 - SETTINGS.prefixMs);
    expect(stopped?.atMs).toBe(1000 + durationOf('Hello') + SETTINGS.silenceMs);
  });

  it('is none in clicks and in what the threshold is above', () => {
    const click = Buffer.alloc(20 * BYTES_PER_MS, 0x20);
    const activity = new VoiceActivity(RATE, SETTINGS);
    expect(activity.hear(Buffer.concat([silence(100), click, silence(100), click, silence(500)]))).toEqual(
      [],
    );
    expect(new VoiceActivity(RATE, { ...SETTINGS, threshold: 20 }).hear(sound)).toEqual([]);
  });
});

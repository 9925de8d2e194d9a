import type { StreamEvent } from '../domain/answer.js';
import { MistralTranscriptReader } from './mistral.reader.js';

/** What the vendor's events say, when its body ends behind them. */
function read(...events: readonly unknown[]): StreamEvent[] {
  const reader = new MistralTranscriptReader('mistral');
  const out: StreamEvent[] = [];
  for (const event of events) {
    reader.read(typeof event === 'string' ? event : JSON.stringify(event), undefined, out);
  }
  reader.end(out);
  return out;
}

const LANGUAGE = { type: 'transcription.language', audio_language: 'en' };
const delta = (text: string): object => ({ type: 'transcription.text.delta', text });
const SEGMENT = { type: 'transcription.segment', text: ' Hi there.', start: 0, end: 1 };
const DONE = {
  type: 'transcription.done',
  model: 'voxtral-mini-2602',
  text: ' Hi there.',
  language: 'en',
  segments: [],
  usage: { prompt_audio_seconds: 4, prompt_tokens: 4, completion_tokens: 9, total_tokens: 13 },
};
const textOf = (events: readonly StreamEvent[]): string =>
  events.map(event => (event.kind === 'text' ? event.text : '')).join('');

describe("Mistral's stream of a transcription", () => {
  it('tells its text piece by piece, and no piece twice', () => {
    const events = read(LANGUAGE, delta(' Hi'), delta(' there.'), SEGMENT, DONE);

    expect(events.slice(0, 2)).toEqual([
      { kind: 'text', choice: 0, text: ' Hi' },
      { kind: 'text', choice: 0, text: ' there.' },
    ]);
    expect(textOf(events)).toBe(' Hi there.');
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  it('tells who heard it, and for how many seconds', () => {
    expect(read(delta('Hi'), DONE)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'start', model: 'voxtral-mini-2602' }),
        expect.objectContaining({ kind: 'usage', usage: expect.objectContaining({ audioSeconds: 4 }) }),
      ]),
    );
  });

  it('tells a text that has come in no pieces', () => {
    expect(textOf(read(DONE))).toBe(' Hi there.');
  });

  it.each([
    ['without its end', [delta('Hi')], 'upstream_cut'],
    ['without anything', [], 'upstream_cut'],
    ['with half an event', ['{"type":"transcription.te', DONE], 'malformed_stream'],
    ['with an error', [delta('Hi'), { object: 'error', message: 'Full.', code: 'full' }, DONE], 'full'],
  ])('that comes %s has failed, and says nothing more', (_what, events, code) => {
    expect(read(...events).at(-1)).toMatchObject({ kind: 'error', code });
  });
});

import { groupWords, segmentsOf } from './segments.js';
import type { Transcript, Word } from './transcript.js';
import { writeTranscript, writeTranscriptEvents } from './transcript.writer.js';

const said = (text: string, more: Partial<Word> = {}): Word[] =>
  text.split(' ').map((word, at) => ({ word, start: at, end: at + 0.5, ...more }));

const TRANSCRIPT: Transcript = {
  text: 'Hello. Who is there?',
  language: 'en',
  seconds: 3.5,
  segments: null,
  words: [...said('Hello.', { speaker: '7' }), ...said('Who is there?', { speaker: '3' })],
  usage: { inputTokens: 0, outputTokens: 0, audioSeconds: 3.5 },
};

const written = (
  format: 'json' | 'verbose_json' | 'diarized_json',
  granularities: ('word' | 'segment')[] = [],
) => writeTranscript(TRANSCRIPT, { format, granularities, isTranslation: false }, null);

const typesOf = (format: 'json' | 'diarized_json'): unknown[] =>
  writeTranscriptEvents(TRANSCRIPT, format, null)
    .split('\n\n')
    .filter(Boolean)
    .map(frame => (JSON.parse(frame.slice('data: '.length)) as { type: unknown }).type);

describe('words', () => {
  it.each([
    ['sentences', said('One two. Three'), ['One two.', 'Three']],
    ['speakers', [...said('a b', { speaker: '0' }), ...said('c', { speaker: '1' })], ['a b', 'c']],
    ['pauses', [...said('a'), { word: 'b', start: 9, end: 9.5 }], ['a', 'b']],
    ['what is read at once', said('a b c d e f g h i j'), ['a b c d e f g', 'h i j']],
    ['nothing', [], []],
  ])('are grouped by %s', (_what, words, texts) => {
    expect(groupWords(words).map(({ text }) => text)).toEqual(texts);
  });

  it('make no line longer than a subtitle', () => {
    const words = said('wordwordword '.repeat(40).trim()).map(word => ({ ...word, start: 0, end: 0.1 }));

    for (const { text } of groupWords(words)) {
      expect(text.length).toBeLessThanOrEqual(84);
    }
  });

  it('keep what stands between them', () => {
    const words = [
      { word: '日', start: 0, end: 1, gap: '' },
      { word: '本', start: 1, end: 2, gap: '' },
    ];

    expect(groupWords(words)).toEqual([{ start: 0, end: 2, text: '日本' }]);
  });

  it('are asked for only where the vendor gave no pieces of its own', () => {
    const segments = [{ start: 0, end: 1, text: 'All.' }];

    expect(segmentsOf({ ...TRANSCRIPT, segments })).toBe(segments);
    expect(segmentsOf({ ...TRANSCRIPT, words: null })).toBeNull();
  });
});

describe('a transcript', () => {
  it('is written as json', () => {
    expect(written('json')).toEqual({
      text: 'Hello. Who is there?',
      usage: { type: 'duration', seconds: 3.5 },
    });
  });

  it.each([
    [[], true, false],
    [['segment' as const], true, false],
    [['word' as const], false, true],
    [['word' as const, 'segment' as const], true, true],
  ])('is written as verbose_json with %j', (granularities, hasSegments, hasWords) => {
    const body = written('verbose_json', granularities);

    expect(body).toMatchObject({ task: 'transcribe', language: 'en', duration: 3.5 });
    expect('segments' in body).toBe(hasSegments);
    expect('words' in body).toBe(hasWords);
    if (hasSegments) {
      expect(body['segments']).toContainEqual({ id: 1, start: 0, end: 2.5, text: 'Who is there?' });
    }
    if (hasWords) {
      expect(body['words']).toContainEqual({ word: 'Who', start: 0, end: 0.5 });
    }
  });

  it('is written as diarized_json, whose speakers have letters in the order of their speech', () => {
    const segment = { type: 'transcript.text.segment' };

    expect(written('diarized_json')['segments']).toEqual([
      { ...segment, id: 'seg_0', start: 0, end: 0.5, text: 'Hello.', speaker: 'A' },
      { ...segment, id: 'seg_1', start: 0, end: 2.5, text: 'Who is there?', speaker: 'B' },
    ]);
  });

  it('has names for any number of speakers', () => {
    const words = Array.from({ length: 28 }, (_, at) => ({
      word: 'Ah',
      start: at,
      end: at,
      speaker: `s${at}`,
    }));
    const { segments } = writeTranscript(
      { ...TRANSCRIPT, words },
      { format: 'diarized_json', granularities: [], isTranslation: false },
      null,
    ) as { segments: { speaker: string }[] };

    expect([25, 26, 27].map(at => segments[at]?.speaker)).toEqual(['Z', 'AA', 'AB']);
  });

  it('tells tokens where it is billed by them', () => {
    const usage = { inputTokens: 14, audioInputTokens: 10, outputTokens: 5 };

    expect(
      writeTranscript(
        { ...TRANSCRIPT, usage },
        { format: 'json', granularities: [], isTranslation: false },
        null,
      ),
    ).toMatchObject({
      usage: {
        type: 'tokens',
        input_tokens: 14,
        input_token_details: { audio_tokens: 10, text_tokens: 4 },
        output_tokens: 5,
        total_tokens: 19,
      },
    });
  });

  it('is written as a stream', () => {
    expect(typesOf('json')).toEqual(['transcript.text.delta', 'transcript.text.done']);
    expect(typesOf('diarized_json')).toEqual([
      'transcript.text.segment',
      'transcript.text.segment',
      'transcript.text.delta',
      'transcript.text.done',
    ]);
  });
});

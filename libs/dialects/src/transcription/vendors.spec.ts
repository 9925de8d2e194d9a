import { UpstreamError } from '@app/shared';
import type { Target } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import { deepgramTranscription } from './deepgram.vendor.js';
import { elevenLabsTranscription } from './elevenlabs.vendor.js';
import { geminiTranscription } from './gemini.vendor.js';
import { mistralTranscription } from './mistral.vendor.js';
import { segmentsOf } from './segments.js';
import type { TranscriptFormat } from './transcript.js';
import type { Field, TranscriptionVendor } from './vendor.js';

const targetOf = (model: string): Target => ({ vendor: 'v', model, traits: {}, quirks: {} });
const asked = {
  format: 'json',
  fields: [],
  mime: 'audio/wav',
  seconds: null,
  stream: false,
  isTranslation: false,
} as const;

function write(
  vendor: TranscriptionVendor,
  model: string,
  { format = 'json', fields = [] }: { format?: TranscriptFormat; fields?: readonly Field[] },
) {
  const losses = new Losses();
  const { path, form } = vendor.writeRequest({ ...asked, format, fields }, targetOf(model), losses);
  const url = new URL(path, 'https://v.example');
  const sent = [...(form ?? url.searchParams)].map(([name, value]) => `${name}=${value}`);
  return { path: url.pathname, sent: sent.toSorted(), lost: losses.list.map(({ field }) => field) };
}

const read = (vendor: TranscriptionVendor, body: unknown, fields: readonly Field[] = []) =>
  vendor.readAnswer(body, { ...asked, fields }, targetOf('m'));

const ALL_OF_OPENAI: readonly Field[] = [
  ['language', 'de'],
  ['prompt', 'Names: Ada.'],
  ['keywords[]', 'Ada Lovelace'],
  ['temperature', '0.2'],
  ['timestamp_granularities[]', 'word'],
  ['chunking_strategy', 'auto'],
  ['include[]', 'logprobs'],
  ['known_speaker_names[]', 'Ada'],
];
const LOST = ['prompt', 'chunking_strategy', 'include', 'known_speaker_names'];

describe('Deepgram', () => {
  it('has everything in the query', () => {
    expect(write(deepgramTranscription, 'nova-3', { fields: ALL_OF_OPENAI })).toEqual({
      path: '/listen',
      sent: ['keyterm=Ada Lovelace', 'language=de', 'model=nova-3', 'smart_format=true'],
      lost: ['prompt', 'temperature', ...LOST.slice(1)],
    });
  });

  it.each([
    ['the language is to be found out', {}, ['detect_language=true', 'smart_format=true']],
    [
      'one of some languages',
      { fields: [['languages[]', 'de'] as const, ['languages[]', 'en'] as const] },
      ['detect_language=de', 'detect_language=en', 'smart_format=true'],
    ],
    [
      'speakers are to be told apart',
      { format: 'diarized_json' as const },
      ['detect_language=true', 'diarize=true', 'smart_format=true'],
    ],
    [
      'fields of its own say otherwise',
      { fields: [['smart_format', 'false'] as const, ['redact', 'pci&model=x'] as const] },
      ['detect_language=true', 'redact=pci&model=x', 'smart_format=false'],
    ],
  ])('is asked so when %s', (_when, says, sent) => {
    expect(write(deepgramTranscription, 'nova-3', says).sent).toEqual([...sent, 'model=nova-3'].toSorted());
  });

  it('takes keywords of an older model in their old place', () => {
    expect(write(deepgramTranscription, 'nova-2', { fields: [['keywords[]', 'Ada']] }).sent).toContain(
      'keywords=Ada',
    );
  });

  /** https://developers.deepgram.com/docs/pre-recorded-audio */
  const ANSWER = {
    metadata: { request_id: 'r', duration: 25.933313, channels: 1 },
    results: {
      channels: [
        {
          detected_language: 'en',
          alternatives: [
            {
              transcript: 'Yeah. As much as',
              confidence: 0.99,
              words: [
                { word: 'yeah', start: 0.08, end: 0.32, punctuated_word: 'Yeah.', speaker: 0 },
                { word: 'as', start: 0.32, end: 0.79, punctuated_word: 'As', speaker: 1 },
                { word: 'much', start: 0.79, end: 1.1, speaker: 1 },
                { word: 'as', start: 'soon' },
              ],
            },
          ],
        },
      ],
    },
  };

  it('tells words, speakers and seconds', () => {
    const transcript = read(deepgramTranscription, ANSWER);

    expect(transcript).toMatchObject({
      text: 'Yeah. As much as',
      language: 'en',
      seconds: 25.933313,
      usage: { audioSeconds: 25.933313 },
    });
    expect(segmentsOf(transcript)).toEqual([
      { start: 0.08, end: 0.32, text: 'Yeah.', speaker: '0' },
      { start: 0.32, end: 1.1, text: 'As much', speaker: '1' },
    ]);
  });

  it.each([
    { ...ANSWER, metadata: null },
    { ...ANSWER, metadata: { duration: -1 } },
  ])('has no usage in %#, where it tells none that can be meant', body => {
    expect(read(deepgramTranscription, body)).toMatchObject({ usage: null, seconds: null });
  });
});

const token = (type: string, text: string, start: number, speaker_id: string): object => ({
  type,
  text,
  start,
  end: start + 0.5,
  speaker_id,
});

describe('ElevenLabs', () => {
  it('has everything in a form', () => {
    expect(
      write(elevenLabsTranscription, 'scribe_v1', { format: 'diarized_json', fields: ALL_OF_OPENAI }),
    ).toEqual({
      path: '/speech-to-text',
      sent: [
        'diarize=true',
        'keyterms=Ada Lovelace',
        'language_code=de',
        'model_id=scribe_v1',
        'tag_audio_events=false',
        'temperature=0.2',
        'timestamps_granularity=word',
      ],
      lost: LOST,
    });
  });

  it('tells words, what is between them, and speakers', () => {
    const transcript = read(elevenLabsTranscription, {
      language_code: 'jpn',
      language_probability: 0.98,
      text: 'は い。 No',
      words: [
        token('spacing', ' ', 0, 'speaker_0'),
        token('word', 'は', 0, 'speaker_0'),
        token('word', 'い。', 0.5, 'speaker_0'),
        token('spacing', ' ', 1, 'speaker_0'),
        token('word', 'No', 1.5, 'speaker_1'),
      ],
    });

    expect(transcript).toMatchObject({ language: 'jpn', seconds: null, usage: null });
    expect(segmentsOf(transcript)).toEqual([
      { start: 0, end: 1, text: 'はい。', speaker: 'speaker_0' },
      { start: 1.5, end: 2, text: 'No', speaker: 'speaker_1' },
    ]);
  });

  it('tells seconds, where it does', () => {
    expect(read(elevenLabsTranscription, { text: 'a', audio_duration_secs: 7.5 })).toMatchObject({
      seconds: 7.5,
      usage: { audioSeconds: 7.5 },
    });
  });
});

describe('Mistral', () => {
  it.each([
    ['json' as const, [], []],
    ['text' as const, [], []],
    ['srt' as const, [], ['timestamp_granularities=segment']],
    [
      'verbose_json' as const,
      [['timestamp_granularities[]', 'word'] as const],
      ['timestamp_granularities=word'],
    ],
    ['diarized_json' as const, [], ['diarize=true', 'timestamp_granularities=segment']],
  ])('is asked for %s with %j', (format, fields, sent) => {
    expect(write(mistralTranscription, 'voxtral-mini', { format, fields }).sent).toEqual(
      [...sent, 'model=voxtral-mini'].toSorted(),
    );
  });

  it.each([
    ['json' as const, ['language=de', 'model=voxtral-mini'], []],
    ['text' as const, ['language=de', 'model=voxtral-mini'], []],
    ['srt' as const, ['model=voxtral-mini', 'timestamp_granularities=segment'], ['language']],
    [
      'diarized_json' as const,
      ['diarize=true', 'model=voxtral-mini', 'timestamp_granularities=segment'],
      ['language'],
    ],
  ])('is told the language for %s, unless it is to tell times', (format, sent, lost) => {
    const fields = [['language', 'de']] as const;

    expect(write(mistralTranscription, 'voxtral-mini', { format, fields })).toMatchObject({ sent, lost });
  });

  it.each([
    ['json' as const, true],
    ['text' as const, true],
    ['srt' as const, false],
    ['diarized_json' as const, false],
  ])('is asked for a stream of %s: %s', (format, isAsked) => {
    const request = { ...asked, format, stream: true };
    const { form } = mistralTranscription.writeRequest(request, targetOf('voxtral-mini'), new Losses());

    expect(form?.some(([name, value]) => name === 'stream' && value === 'true')).toBe(isAsked);
  });

  it('takes words without blanks', () => {
    const { sent, lost } = write(mistralTranscription, 'voxtral-mini', { fields: ALL_OF_OPENAI });

    expect(sent).toContain('context_bias=Ada_Lovelace');
    expect(lost).toEqual(LOST);
  });

  const ANSWER = {
    model: 'voxtral-mini-2602',
    text: 'Hi there.',
    language: 'en',
    segments: [
      { type: 'transcription_segment', text: ' Hi', start: 0, end: 0.4, speaker_id: 'speaker_1' },
      { type: 'transcription_segment', text: ' there.', start: 0.4, end: 1, speaker_id: null },
    ],
    usage: { prompt_audio_seconds: 4, prompt_tokens: 3, completion_tokens: 9, total_tokens: 12 },
  };

  it('tells segments, speakers and seconds', () => {
    expect(read(mistralTranscription, ANSWER)).toMatchObject({
      language: 'en',
      segments: [{ start: 0, end: 0.4, text: ' Hi', speaker: 'speaker_1' }, { text: ' there.' }],
      words: null,
      usage: { audioSeconds: 4 },
    });
  });

  it('tells words in the place of segments, when these are asked for', () => {
    const { words, segments } = read(mistralTranscription, ANSWER, [['timestamp_granularities[]', 'word']]);

    expect(segments).toBeNull();
    expect(words?.map(({ word }) => word)).toEqual(['Hi', 'there.']);
  });

  it('has no times where it tells no segments', () => {
    expect(segmentsOf(read(mistralTranscription, { ...ANSWER, segments: [] }))).toBeNull();
  });
});

describe.each([
  ['Deepgram', deepgramTranscription],
  ['ElevenLabs', elevenLabsTranscription],
  ['Mistral', mistralTranscription],
  ['Gemini', geminiTranscription],
])('an answer of %s', (_name, vendor) => {
  it.each([
    null,
    [],
    'text',
    {},
    { text: 7 },
    { results: null },
    { results: { channels: [] } },
    { results: { channels: [{ alternatives: [{ words: [] }] }] } },
  ])('that is none is refused: %j', body => {
    expect(() => read(vendor, body)).toThrow(UpstreamError);
  });
});

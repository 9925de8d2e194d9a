import { UpstreamError } from '@app/shared';
import type { StreamEvent } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import { geminiTranscription } from './gemini.vendor.js';
import type { Field, TranscriptRequest } from './vendor.js';

const TARGET: Target = { vendor: 'google', model: 'gemini-2.5-flash', traits: {}, quirks: {} };
const asked = {
  format: 'json',
  fields: [],
  mime: 'audio/wav',
  seconds: 2.5,
  stream: false,
  isTranslation: false,
} as const;
const FIELDS: readonly Field[] = [
  ['language', 'de'],
  ['prompt', 'Names: Ada.'],
  ['keywords[]', 'Ada Lovelace'],
  ['temperature', '0.2'],
  ['chunking_strategy', 'auto'],
  ['seed', '7'],
];

const say = (text: string, finishReason = 'STOP'): object => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason }],
  usageMetadata: {
    promptTokenCount: 70,
    promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 64 }],
    candidatesTokenCount: 5,
    thoughtsTokenCount: 3,
  },
});

function ask(says: Partial<TranscriptRequest>) {
  const losses = new Losses();
  const request = { ...asked, ...says };
  const { path, around } = geminiTranscription.writeRequest(request, TARGET, losses);
  const body = JSON.parse(around?.join('AAAA') ?? '') as {
    contents: { parts: { text?: string; inlineData?: object }[] }[];
    generationConfig: object;
  };
  const [words, sound] = body.contents[0]?.parts ?? [];
  return { path, text: words?.text ?? '', sound, config: body.generationConfig, losses: losses.list };
}

describe('Gemini', () => {
  it('has the recording within the body', () => {
    expect(ask({})).toMatchObject({
      path: '/v1beta/models/gemini-2.5-flash:generateContent',
      text: expect.stringMatching(/^Write down .*language that is spoken/) as unknown,
      sound: { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      config: {},
      losses: [],
    });
  });

  it.each([
    ['json' as const, 'streamGenerateContent?alt=sse'],
    ['text' as const, 'streamGenerateContent?alt=sse'],
    ['srt' as const, 'generateContent'],
    ['verbose_json' as const, 'generateContent'],
  ])('writes a stream of %s by %s', (format, method) => {
    expect(ask({ format, stream: true }).path).toBe(`/v1beta/models/gemini-2.5-flash:${method}`);
  });

  it('is asked in words for what others have fields for', () => {
    const { text, config, losses } = ask({ fields: FIELDS, isTranslation: true });

    expect(text).toMatch(/^Translate .* into English.*\nSpoken is: de\.\n.*: Ada Lovelace\.\nNames: Ada\.$/);
    expect(config).toEqual({ temperature: 0.2 });
    expect(losses.map(({ field }) => field)).toEqual(['chunking_strategy', 'seed']);
  });

  it.each(['srt', 'vtt', 'verbose_json', 'diarized_json'] as const)('is given a schema for %s', format => {
    const { config, losses } = ask({ format });

    expect(config).toMatchObject({ responseMimeType: 'application/json' });
    expect(losses).toMatchObject([{ field: 'response_format', action: 'approximated' }]);
  });

  it('tells the text and its tokens', () => {
    expect(geminiTranscription.readAnswer(say(' Hello. \n'), asked, TARGET)).toMatchObject({
      text: 'Hello.',
      segments: null,
      usage: { inputTokens: 70, audioInputTokens: 64, outputTokens: 8 },
    });
  });

  const timed = { ...asked, format: 'srt' } as const;

  it('tells segments, where it was given a schema', () => {
    const segments = [
      { start: 0, end: 1, speaker: 'A', text: 'Hello. ' },
      { start: 1, end: 2.5, speaker: 'B', text: 'Hi.' },
    ];
    const body = say(JSON.stringify({ language: 'en', segments }));

    expect(geminiTranscription.readAnswer(body, timed, TARGET)).toMatchObject({
      text: 'Hello. Hi.',
      language: 'en',
      segments,
    });
  });

  it.each([{ start: 'later', end: 3 }, { start: 1 }, {}])(
    'does not leave out the text of a segment without times: %j',
    times => {
      const segments = [
        { start: 0, end: 1, speaker: 'A', text: 'Hello.' },
        { ...times, speaker: 'B', text: 'Lost.' },
      ];

      expect(() => geminiTranscription.readAnswer(say(JSON.stringify({ segments })), timed, TARGET)).toThrow(
        'gives its segment 2 no times in seconds',
      );
    },
  );

  it.each([
    [
      'beyond the end',
      [
        [0, 1],
        [1, 3.6],
      ],
    ],
    ['before the beginning', [[-1, 1]]],
    ['backwards', [[1, 0.5]]],
    [
      'out of order',
      [
        [1, 2],
        [0.5, 2],
      ],
    ],
  ])('has not measured what lies %s', (_what, spans) => {
    const segments = spans.map(([start, end]) => ({ start, end, speaker: 'A', text: 'Hi.' }));
    const body = say(JSON.stringify({ segments }));

    expect(() => geminiTranscription.readAnswer(body, timed, TARGET)).toThrow(
      'which cannot be in a recording of 2.5 s',
    );
  });

  it('may round up to whole seconds, and say what it likes where nobody knows how long it is', () => {
    for (const [end, seconds] of [
      [3, 2.5],
      [900, null],
    ] as const) {
      const body = say(JSON.stringify({ segments: [{ start: 0, end, speaker: 'A', text: 'Hi.' }] }));

      expect(geminiTranscription.readAnswer(body, { ...timed, seconds }, TARGET).text).toBe('Hi.');
    }
  });

  it.each([
    [say('Hello', 'MAX_TOKENS'), asked],
    [say('', 'SAFETY'), asked],
    [{ promptFeedback: { blockReason: 'SAFETY' } }, asked],
    [say('Hello.'), timed],
    [say('{"segments": 7}'), timed],
    [say('{"segments": ['), timed],
  ])('has not heard all in %#', (body, request) => {
    expect(() => geminiTranscription.readAnswer(body, request, TARGET)).toThrow(UpstreamError);
  });
});

function read(...events: readonly object[]): StreamEvent[] {
  const out: StreamEvent[] = [];
  const reader = geminiTranscription.streamReader?.(TARGET);
  events.forEach(event => reader?.read(JSON.stringify(event), undefined, out));
  reader?.end(out);
  return out;
}

describe('a stream of what Gemini hears', () => {
  it('is told as it comes', () => {
    const events = read(say('Hello ', ''), say('there.'));

    expect(events.flatMap(event => (event.kind === 'text' ? [event.text] : []))).toEqual([
      'Hello ',
      'there.',
    ]);
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  it.each([
    ['the model stopped too early', [say('Hello', 'MAX_TOKENS')], 'no_transcript'],
    ['the prompt was refused', [{ promptFeedback: { blockReason: 'SAFETY' } }], 'no_transcript'],
    ['it broke off', [say('Hello', '')], 'upstream_error'],
  ])('has failed where %s', (_what, events, code) => {
    expect(read(...events).at(-1)).toMatchObject({ kind: 'error', code });
  });
});

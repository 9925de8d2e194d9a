import type { StreamEvent } from '../domain/answer.js';
import { Losses } from '../domain/losses.js';
import { deepgramSpeech } from './deepgram.vendor.js';
import { geminiSpeech } from './gemini.vendor.js';
import { elevenLabsSpeech } from './elevenlabs.vendor.js';
import type { SpeechRequest, SpeechVendor } from './vendor.js';

function write(vendor: SpeechVendor, model: string, asked: Partial<SpeechRequest>) {
  const losses = new Losses();
  const usual = { input: 'Hi.', voice: 'v', instructions: '', format: 'mp3', speed: 1, others: {} } as const;
  const { path, body, isBare } = vendor.writeRequest(
    { ...usual, ...asked },
    { vendor: 'v', model, traits: {}, quirks: {} },
    losses,
  );
  const url = new URL(path, 'https://v.example');
  return {
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body,
    isBare: isBare === true,
    lost: losses.list.map(({ action, field }) => `${action} ${field}`),
  };
}

describe('Deepgram', () => {
  it.each([
    ['aura-2', 'thalia', 'aura-2-thalia-en', []],
    ['aura-2', 'celeste-es', 'aura-2-celeste-es', []],
    ['aura-2-thalia-en', 'thalia', 'aura-2-thalia-en', []],
    ['aura-2-thalia-en', 'alloy', 'aura-2-thalia-en', ['dropped voice']],
  ])('has the voice in the name of the model: %s, %s', (model, voice, named, lost) => {
    const asked = write(deepgramSpeech, model, { voice });

    expect(asked).toMatchObject({ path: '/speak', body: { text: 'Hi.' }, query: { model: named }, lost });
  });

  it.each([
    ['mp3' as const, { encoding: 'mp3' }],
    ['opus' as const, { encoding: 'opus', container: 'ogg' }],
    ['wav' as const, { encoding: 'linear16', container: 'wav', sample_rate: '24000' }],
    ['pcm' as const, { encoding: 'linear16', container: 'none', sample_rate: '24000' }],
  ])('makes %s', (format, query) => {
    expect(write(deepgramSpeech, 'aura-2', { format }).query).toEqual({ model: 'aura-2-v-en', ...query });
  });

  it.each([
    [1.2, '1.2', []],
    [4, '1.5', ['approximated speed']],
    [0.25, '0.7', ['approximated speed']],
  ])('speaks at a speed of %d as at %s', (speed, said, lost) => {
    expect(write(deepgramSpeech, 'aura-2', { speed })).toMatchObject({ query: { speed: said }, lost });
  });

  it('takes fields of its own, but no other model in them', () => {
    const { query } = write(deepgramSpeech, 'aura-2', {
      others: { bit_rate: 48000, model: 'x', encoding: 'x' },
    });

    expect(query).toEqual({ model: 'aura-2-v-en', encoding: 'mp3', bit_rate: '48000' });
  });
});

describe('ElevenLabs', () => {
  it.each([
    ['mp3' as const, 'mp3_44100_128', false],
    ['opus' as const, 'opus_48000_64', false],
    ['pcm' as const, 'pcm_24000', false],
    ['wav' as const, 'pcm_24000', true],
  ])('makes %s of %s', (format, output_format, isBare) => {
    expect(write(elevenLabsSpeech, 'eleven_flash_v2_5', { format, voice: 'JBFqnCBsd6RMkjVDRZzb' })).toEqual({
      path: '/text-to-speech/JBFqnCBsd6RMkjVDRZzb/stream',
      query: { output_format },
      body: { text: 'Hi.', model_id: 'eleven_flash_v2_5' },
      isBare,
      lost: [],
    });
  });

  it('takes fields of its own, but no other model or text in them', () => {
    const others = { seed: 7, text: 'x', model_id: 'x', voice_settings: { stability: 0.5 } };

    expect(write(elevenLabsSpeech, 'm', { others, speed: 2, instructions: 'Calmly.' })).toMatchObject({
      body: { seed: 7, text: 'Hi.', model_id: 'm', voice_settings: { stability: 0.5, speed: 1.2 } },
      lost: ['dropped instructions', 'approximated speed'],
    });
  });

  it.each([
    [{ format: 'flac' as const }, 'refused response_format'],
    [{ voice: '../v1/user' }, 'refused voice'],
    [{ voice: 'a?b' }, 'refused voice'],
  ])('refuses %j', (asked, lost) => {
    expect(write(elevenLabsSpeech, 'm', asked).lost).toEqual([lost]);
  });
});

const TARGET = { vendor: 'google', model: 'm', traits: {}, quirks: {} };
const say = (mimeType: string, finishReason = 'STOP'): object => ({
  candidates: [{ content: { parts: [{ inlineData: { mimeType, data: 'AQID' } }] }, finishReason }],
  usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 9 },
});

function read(...events: readonly object[]): StreamEvent[] {
  const out: StreamEvent[] = [];
  const reader = geminiSpeech.streamReader?.(TARGET);
  events.forEach(event => reader?.read(JSON.stringify(event), undefined, out));
  reader?.end(out);
  return out;
}

describe('Gemini', () => {
  it('is told in words how to speak', () => {
    const request = { format: 'wav' as const, voice: 'Kore', instructions: 'Calmly:' };

    expect(write(geminiSpeech, 'gemini-2.5-flash-preview-tts', request)).toEqual({
      path: '/v1beta/models/gemini-2.5-flash-preview-tts:streamGenerateContent',
      query: { alt: 'sse' },
      body: {
        contents: [{ role: 'user', parts: [{ text: 'Calmly:\n\nHi.' }] }],
        generationConfig: {
          responseModalities: ['AUDIO'],
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        },
      },
      isBare: true,
      lost: [],
    });
  });

  it('refuses what it cannot make, and tells what it has not', () => {
    expect(write(geminiSpeech, 'm', { format: 'mp3', speed: 2, others: { seed: 7 } }).lost).toEqual([
      'refused response_format',
      'dropped speed',
      'dropped seed',
    ]);
  });

  it.each(['audio/L16;codec=pcm;rate=24000', 'audio/pcm'])('tells samples as %s, piece by piece', mime => {
    const events = read(say(mime, ''), say(mime));

    expect(events.filter(({ kind }) => kind === 'media')).toHaveLength(2);
    expect(events).toContainEqual({
      kind: 'usage',
      usage: expect.objectContaining({ inputTokens: 4, outputTokens: 9 }) as unknown,
    });
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  it.each([
    ['samples of another rate', say('audio/L16;codec=pcm;rate=16000')],
    ['sound of another kind', say('audio/mpeg')],
    ['half of it', say('audio/pcm', 'MAX_TOKENS')],
    ['a refusal', { promptFeedback: { blockReason: 'SAFETY' } }],
  ])('has failed with %s', (_what, event) => {
    expect(read(event).at(-1)).toMatchObject({
      kind: 'error',
      code: 'no_sound',
      message: expect.stringContaining('did not speak') as unknown,
    });
  });
});

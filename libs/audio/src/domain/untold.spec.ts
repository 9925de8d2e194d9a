import { catalog, openAiCompatible } from '@app/providers';
import { untold } from './untold.js';

const ALL = ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'] as const;
const OWN = openAiCompatible({ id: 'own', name: 'Own', baseUrl: 'http://localhost/v1', apiKeyEnv: [] });

const toldBy = (id: string, model: string): readonly string[] => {
  const vendor = catalog.find(each => each.id === id) ?? OWN;
  const target = { vendor: id, model, traits: {}, quirks: {} };
  return ALL.filter(format => untold(format, { vendor, target }) === null);
};

describe('what a model tells', () => {
  it.each([
    ['openai', 'gpt-4o-transcribe'],
    ['openai', 'gpt-4o-mini-transcribe-2025-12-15'],
    ['openai', 'gpt-transcribe'],
    ['azure-openai', 'gpt-4o-transcribe'],
  ])('is no more than words: %s/%s', (id, model) => {
    expect(toldBy(id, model)).toEqual(['json', 'text']);
  });

  it.each([
    ['openai', 'whisper-1'],
    ['groq', 'whisper-large-v3'],
    ['together', 'openai/whisper-large-v3'],
  ])('is when, and not who: %s/%s', (id, model) => {
    expect(toldBy(id, model)).toEqual(['json', 'text', 'srt', 'verbose_json', 'vtt']);
  });

  it.each([
    ['openai', 'gpt-4o-transcribe-diarize'],
    ['azure-openai', 'our-ears'],
    ['google', 'gemini-2.5-flash'],
    ['deepgram', 'nova-3'],
    ['own', 'gpt-4o-transcribe'],
  ])('is all, or nobody knows: %s/%s', (id, model) => {
    expect(toldBy(id, model)).toEqual(ALL);
  });
});

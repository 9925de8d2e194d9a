import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig } from '@app/shared';
import { catalog } from '../catalog/catalog.js';
import { capabilitiesOf } from './capabilities.js';
import { KNOWN_MODELS } from './known-models.js';
import { ModelBook } from './model-book.js';
import { modelPattern } from './model-pattern.js';

const book = new ModelBook(readConfig({}));

function traitsOf(name: string, from = book) {
  const slash = name.indexOf('/');
  const vendor = catalog.find(({ id }) => id === name.slice(0, slash));
  if (!vendor) {
    throw new Error(`No vendor for ${name}`);
  }
  return from.traitsOf(vendor, name.slice(slash + 1));
}

describe('what models can do', () => {
  // Facts of PROTOCOLS sections 0 and 2.3 and of the vendors' model pages.
  it.each([
    ['openai/gpt-5-mini', { sampling: false, reasoning: 'effort', maxOutputTokens: 128_000, images: true }],
    ['openai/gpt-6.1-sol', { sampling: false, reasoning: 'effort', structuredOutput: true }],
    ['openai/gpt-4o-2024-08-06', { sampling: true, reasoning: 'none', maxOutputTokens: 16_384 }],
    ['openai/gpt-4o-audio-preview', { audioInput: true, images: false, output: ['text', 'audio'] }],
    ['openai/gpt-4', { images: false, structuredOutput: false, tools: true }],
    ['openai/o3-mini', { images: false, parallelTools: false, maxOutputTokens: 100_000 }],
    ['anthropic/claude-3-haiku-20240307', { reasoning: 'none', maxOutputTokens: 4096, sampling: true }],
    ['anthropic/claude-haiku-4-5-20251001', { reasoning: 'budget', maxOutputTokens: 64_000, sampling: true }],
    ['anthropic/claude-opus-4-1-20250805', { reasoning: 'budget', maxOutputTokens: 32_000, sampling: true }],
    [
      'anthropic/claude-sonnet-4-20250514',
      { reasoning: 'budget', maxOutputTokens: 64_000, lateSystem: false },
    ],
    ['anthropic/claude-opus-4-6', { reasoning: 'adaptive', sampling: true, lateSystem: false }],
    ['anthropic/claude-opus-4-7', { reasoning: 'adaptive', sampling: false, lateSystem: false }],
    [
      'anthropic/claude-opus-5-5',
      { reasoning: 'adaptive', reasoningOff: 'never', forcedTools: false, sampling: false, lateSystem: true },
    ],
    ['anthropic/claude-fable-5-2', { reasoningOff: 'never', forcedTools: false }],
    ['anthropic/claude-sonnet-5-5', { reasoningOff: 'between_tools', contextTokens: 1_000_000 }],
    ['anthropic/claude-opus-5', { reasoning: 'adaptive', maxOutputTokens: 128_000 }],
    ['openai/gpt-6.2-astra', { reasoning: 'effort', contextTokens: 1_050_000, maxOutputTokens: 128_000 }],
    ['anthropic/claude-of-tomorrow', { reasoning: 'adaptive', sampling: false, lateSystem: true }],
    ['google/gemini-2.0-flash', { reasoning: 'none', audioInput: true }],
    ['google/models/gemini-2.5-flash', { reasoning: 'budget', documents: true, maxOutputTokens: 65_536 }],
    ['google/gemini-3-pro-preview', { reasoning: 'level' }],
    ['google/gemini-2.5-flash-preview-tts', { output: ['audio'], tools: false }],
    ['openai/text-embedding-3-small', { talks: false }],
    ['openai/whisper-1', { talks: false }],
    ['groq/whisper-large-v3', { talks: false }],
    ['ollama/nomic-embed-text', { talks: false }],
    ['bedrock/amazon.titan-embed-text-v2:0', { talks: false }],
    ['openai/gpt-4o-mini-tts', { talks: false }],
    ['openai/gpt-realtime-2', { talks: true }],
    ['xai/grok-4.20-0309-non-reasoning', { reasoning: 'none', tools: true }],
    ['mistral/voxtral-small-latest', { audioInput: true, images: false }],
    ['deepseek/deepseek-v4-pro', { images: false, maxOutputTokens: 393_216 }],
    ['groq/openai/gpt-oss-120b', { images: false, structuredOutput: true, reasoning: 'effort' }],
    ['groq/llama-3.3-70b-versatile', { images: false, structuredOutput: false }],
    ['cohere/command-r7b-12-2024', { images: false, maxOutputTokens: 4096 }],
    ['perplexity/sonar-pro', { tools: false }],
    ['bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0', { reasoning: 'budget' }],
    ['bedrock/openai.gpt-oss-20b', { images: false }],
    ['vertex/claude-opus-4-1@20250805', { reasoning: 'budget', maxOutputTokens: 32_000 }],
    ['vertex/gemini-3-flash-preview', { reasoning: 'level' }],
  ])('is known of %s', (name, traits) => {
    expect(traitsOf(name)).toMatchObject(traits);
  });

  it.each([
    'openai/gpt-7',
    'azure-openai/gpt-4o',
    'openrouter/openai/gpt-5',
    'bedrock/qwen.qwen3-32b',
    'ollama/llama3',
  ])('is not made up for %s', name => {
    expect(traitsOf(name)).toEqual({});
  });

  it('has no row that another hides', () => {
    const samples = KNOWN_MODELS.map(([models]) => models.replaceAll('*', 'x-'));
    const first = samples.map(name => KNOWN_MODELS.findIndex(([models]) => modelPattern(models).test(name)));

    expect(first).toEqual(samples.map((_, index) => index));
  });

  it('is shown under names of its own, null for what is not known', () => {
    expect(capabilitiesOf({ images: false, contextTokens: 8 })).toMatchObject({
      image_input: false,
      context_length: 8,
      tools: null,
      reasoning: null,
    });
  });
});

describe('the operator’s file of models', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'models-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function bookOf(content: unknown): ModelBook {
    const file = path.join(folder, 'models.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return new ModelBook(readConfig({ AI_GATEWAY_MODELS_FILE: file }));
  }

  it('goes before the table, field by field; null takes back what the table says', () => {
    const own = bookOf({
      'openai/gpt-5-MINI': { image_input: false, max_output_tokens: null },
      'ollama/*': { tools: false, output_modalities: ['text'] },
    });

    expect(traitsOf('openai/gpt-5-mini', own)).toMatchObject({ images: false, sampling: false });
    expect(traitsOf('openai/gpt-5-mini', own).maxOutputTokens).toBeUndefined();
    expect(traitsOf('openai/gpt-5', own)).toEqual(traitsOf('openai/gpt-5'));
    expect(traitsOf('ollama/org/any', own)).toEqual({ tools: false, output: ['text'] });
  });

  it.each<[string, unknown, RegExp]>([
    ['is no JSON', '{', /names a file that cannot be read as JSON/],
    ['is a list', [], /is not a JSON object of models/],
    ['names no vendor', { 'gpt-5': {} }, /entry 'gpt-5' must be named as 'vendor\/model'/],
    ['holds no object', { 'openai/x': true }, /entry 'openai\/x' must be an object/],
    [
      'has a field that nothing reads',
      { 'openai/x': { vision: true } },
      /unknown field 'vision'. Known are context_length, max_output_tokens, image_input/,
    ],
    [
      'has a word for a number',
      { 'openai/x': { max_output_tokens: '8k' } },
      /must be a whole number of tokens/,
    ],
    ['has a word for a flag', { 'openai/x': { tools: 'no' } }, /tools must be true or false, or null/],
    ['has no such way to reason', { 'openai/x': { reasoning: 'hard' } }, /one of none, effort/],
    ['has no such output', { 'openai/x': { output_modalities: ['smell'] } }, /a list of text, audio, image/],
  ])('stops the start in one line when it %s', (_, content, problem) => {
    const open = () => bookOf(content);

    expect(open).toThrow(ConfigError);
    expect(open).toThrow(problem);
    expect(open).toThrow(/^AI_GATEWAY_MODELS_FILE [^\n]+$/);
  });

  it('stops the start when it is not there', () => {
    expect(() => new ModelBook(readConfig({ AI_GATEWAY_MODELS_FILE: '/no/such/file' }))).toThrow(ConfigError);
  });
});

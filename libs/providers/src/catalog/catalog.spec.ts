import { findProvider } from '@pydantic/genai-prices';
import { catalog } from './catalog.js';

/** Vendors as the price list spells them. */
const PRICE_LIST =
  `anthropic azure cerebras cohere deepseek fireworks google groq huggingface_together mistral openai
  openrouter perplexity together x-ai`.split(/\s+/);

describe('the catalog', () => {
  it('names each vendor once', () => {
    const ids = catalog.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(catalog.map(vendor => [vendor.id, vendor] as const))('has a finished entry for %s', (_, vendor) => {
    const { hostname, protocol } = new URL(vendor.baseUrl);

    expect(vendor.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(protocol).toBe(vendor.keyless ? 'http:' : 'https:');
    // `new:provider` writes an address under .example until the true one is known
    expect(hostname).not.toMatch(/\.example$/);
    expect(vendor.baseUrl).not.toMatch(/\/$/);
    expect([...vendor.apiKeyEnv, vendor.apiKeyFileEnv].filter(Boolean).length).toBeGreaterThan(0);
  });

  it('shares no variable of a key between two vendors', () => {
    const variables = catalog.flatMap(({ apiKeyEnv }) => apiKeyEnv);

    expect(new Set(variables).size).toBe(variables.length);
  });

  it.each([
    ['gpt-5-mini', 'openai'],
    ['claude-sonnet-5', 'anthropic'],
    ['gemini-3-pro', 'google'],
    ['mistral-large-latest', 'mistral'],
    ['codestral-2508', 'mistral'],
    ['open-mistral-nemo', 'mistral'],
    ['deepseek-chat', 'deepseek'],
    ['deepseek-v4-flash', 'deepseek'],
    ['grok-4.3', 'xai'],
    ['sonar', 'perplexity'],
    ['sonar-pro', 'perplexity'],
    ['command-a-03-2025', 'cohere'],
    ['command-r7b-12-2024', 'cohere'],
    ['nova-3', 'deepgram'],
    ['nova-2-phonecall', 'deepgram'],
    ['aura-2-thalia-en', 'deepgram'],
    ['scribe_v1', 'elevenlabs'],
    ['eleven_flash_v2_5', 'elevenlabs'],
  ])('knows the bare model %s for one of %s', (model, vendor) => {
    expect(claimants(model)).toEqual([vendor]);
  });

  it.each([
    'llama-3.3-70b',
    'gpt',
    'deepseek-r1',
    'mistral',
    'qwen3',
    'sonarqube',
    'nova-2-lite-v1',
    'command',
    'openai/gpt-5',
  ])('leaves %s to those who name a vendor', model => {
    expect(claimants(model)).toEqual([]);
  });

  it('never lets two vendors claim one model of those with a known price', () => {
    const models = PRICE_LIST.flatMap(
      id => findProvider({ providerId: id })?.models.map(({ id }) => id) ?? [],
    );

    expect(models.length).toBeGreaterThan(300);
    expect(models.filter(model => claimants(model).length > 1)).toEqual([]);
  });
});

function claimants(model: string): string[] {
  return catalog.filter(({ models }) => models.some(pattern => pattern.test(model))).map(({ id }) => id);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Config, ConfigError } from '@app/shared';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { CATALOGUE_VERSION } from './catalogue-version.js';
import { cost, isExact } from './cost.js';
import { PriceBook } from './price-book.js';
import { PriceList } from './price-list.js';
import { toOverrides } from './price-overrides.js';

describe('the price book', () => {
  const book = new PriceBook(new Config());

  it('says nothing of models and vendors it does not know', () => {
    expect(book.priceOf('openai', 'gpt-99-unheard-of')).toBeNull();
    expect(book.priceOf('nobody', 'gpt-4o')).toBeNull();
    expect(book.contextOf('nobody', 'gpt-4o')).toBeNull();
  });

  it('does not take an own server for the vendor whose name it bears', () => {
    expect(book.priceOf('my-openai', 'gpt-4o')).toBeNull();
    expect(book.priceOf('openai-compatible', 'gpt-4o')).toBeNull();
  });

  it('does not price what is billed by the page', () => {
    expect(book.priceOf('mistral', 'mistral-ocr-2505')).toBeNull();
  });

  it('knows what is free', () => {
    const price = book.priceOf('openai', 'omni-moderation-latest');
    expect(cost(price, { inputTokens: 1000, outputTokens: 0 })).toBe(0);
  });

  it.each([
    ['openai', 'gpt-4o', true],
    ['openai', 'gpt-4o-2024-08-06', true],
    ['anthropic', 'claude-sonnet-4-20250514', true],
    ['anthropic', 'claude-opus-4-1-20250805', true],
    ['anthropic', 'claude-sonnet-4-5@20250929', true],
    ['google', 'gemini-2.5-pro', true],
    ['google', 'models/gemini-2.5-flash', true],
    ['xai', 'grok-4', true],
    ['anthropic', 'claude-sonnet-5-5', false],
    ['google', 'gemini-2.5-pro-something-new', false],
    ['azure', 'gpt-4o-mini', false],
    ['azure-openai', 'gpt-4o-mini', false],
  ])('prices %s/%s, exact: %s', (vendor, model, exact) => {
    expect(book.priceOf(vendor, model)?.exact).toBe(exact);
  });

  it.each([
    ['google', 'claude-sonnet-4-5', 'vertex'],
    ['openai', 'gpt-oss-120b', 'cerebras'],
  ])('knows no price of %s for %s, which it does not serve, but %s', (vendor, model, other) => {
    expect(book.priceOf(vendor, model)).toBeNull();
    expect(book.priceOf(other, model)?.exact).toBe(true);
  });

  it('knows context windows', () => {
    expect(book.contextOf('openai', 'gpt-4o')).toBe(128_000);
    expect(book.contextOf('anthropic', 'claude-sonnet-5')).toBe(1_000_000);
  });

  it('keeps answering after thousands of invented names', () => {
    for (let i = 0; i < 2500; i++) {
      expect(book.priceOf('nobody', `invented-${i}`)).toBeNull();
    }
    expect(book.priceOf('openai', 'gpt-4o')).not.toBeNull();
  });

  const dates = [
    '2025-01-01T00:30:00Z',
    '2026-08-01T02:00:00Z',
    '2026-11-24T08:00:00Z',
    '2027-02-01T20:00:00Z',
  ];
  it.each(dates)('agrees with the arithmetic of the list itself on every model, at %s', date => {
    const at = Date.parse(date);
    let compared = 0;
    for (const vendor of [
      'openai',
      'anthropic',
      'google',
      'groq',
      'mistral',
      'deepseek',
      'xai',
      'openrouter',
    ]) {
      const providerId = vendor === 'xai' ? 'x-ai' : vendor;
      for (const { id } of findProvider({ providerId })?.models ?? []) {
        const listed = calcPrice(
          { input_tokens: 300_123, cache_read_tokens: 777, cache_write_tokens: 55, output_tokens: 4321 },
          id,
          { providerId, timestamp: new Date(at) },
        );
        const usage = {
          inputTokens: 300_123,
          cacheReadTokens: 777,
          cacheWriteTokens: 55,
          outputTokens: 4321,
        };
        const ours = cost(book.priceOf(vendor, id, at), usage);
        if (ours !== null && listed !== null) {
          expect([id, Math.abs(ours - listed.total_price * 1e9) < 1]).toEqual([id, true]);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(800);
  });
});

describe('the price file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'prices-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function bookWith(content: unknown): PriceBook {
    const pricesFile = path.join(folder, 'prices.json');
    writeFileSync(pricesFile, typeof content === 'string' ? content : JSON.stringify(content));
    return new PriceBook(Object.assign(new Config(), { pricesFile }));
  }

  it('goes before the list, with or without the vendor in the name', () => {
    const book = bookWith({
      'openai/gpt-4o': {
        input_cost_per_token: 1e-6,
        output_cost_per_token: 0.000003,
        max_input_tokens: 5000,
      },
      'my-model': { input_cost_per_token: 0.00000007, output_cost_per_token: 1.5e-7 },
      'gpt-4.1': { input_cost_per_token: 9, output_cost_per_token: 9, litellm_provider: 'azure' },
      'gemini/gemini-x': { input_cost_per_token: 2e-7, output_cost_per_token: 0 },
    });
    const usage = { inputTokens: 1001, outputTokens: 3 };

    expect(cost(book.priceOf('openai', 'gpt-4o'), usage)).toBe(1001 * 1000 + 3 * 3000);
    expect(book.contextOf('openai', 'gpt-4o')).toBe(5000);
    expect(cost(book.priceOf('my-vllm', 'My-Model'), usage)).toBe(1001 * 70 + 3 * 150);
    expect(cost(book.priceOf('openai', 'gpt-4.1'), usage)).toBe(1001 * 2000 + 3 * 8000);
    expect(cost(book.priceOf('google', 'gemini-x'), usage)).toBe(1001 * 200);
    expect(cost(book.priceOf('openai', 'gpt-4o-mini'), usage)).toBe(1001 * 150 + 3 * 600);
  });

  it('reads caches, tiers, seconds, requests and searches', () => {
    const book = bookWith({
      sample_spec: { input_cost_per_token: 'set to the price', max_input_tokens: 'the window' },
      'a/chat': {
        mode: 'chat',
        input_cost_per_token: 3e-6,
        input_cost_per_token_above_200k_tokens: 6e-6,
        output_cost_per_token: 1.5e-5,
        output_cost_per_token_above_200k_tokens: 2.25e-5,
        cache_read_input_token_cost: 3e-7,
        cache_creation_input_token_cost: 3.75e-6,
        cache_creation_input_token_cost_above_1hr: 6e-6,
        search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_medium: 0.02 },
      },
      'a/whisper': {
        mode: 'audio_transcription',
        input_cost_per_second: 0.0001,
        output_cost_per_second: 0.0001,
      },
      'a/search': { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6, input_cost_per_request: 0.005 },
      'a/rerank': { mode: 'rerank', input_cost_per_token: 0, input_cost_per_query: 0.002 },
      'a/rank': { mode: 'rerank', input_cost_per_query: 0.001 },
      'a/tts': { mode: 'audio_speech', input_cost_per_character: 1.5e-5 },
      'a/dall-e': { mode: 'image_generation', input_cost_per_pixel: 1.9e-8 },
    });
    const usage = {
      inputTokens: 1000,
      cacheReadTokens: 300,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 50,
      outputTokens: 10,
    };

    expect(cost(book.priceOf('a', 'chat'), usage)).toBe(
      500 * 3000 + 300 * 300 + 150 * 3750 + 50 * 6000 + 10 * 15_000,
    );
    expect(cost(book.priceOf('a', 'chat'), { inputTokens: 200_000, outputTokens: 10 })).toBe(600_150_000);
    expect(cost(book.priceOf('a', 'chat'), { inputTokens: 200_001, outputTokens: 10 })).toBe(
      1_200_006_000 + 225_000,
    );
    expect(cost(book.priceOf('a', 'chat'), { inputTokens: 0, outputTokens: 0, serverToolRequests: 2 })).toBe(
      40_000_000,
    );
    expect(cost(book.priceOf('a', 'whisper'), { inputTokens: 0, outputTokens: 0, audioSeconds: 1.5 })).toBe(
      150_000,
    );
    expect(cost(book.priceOf('a', 'search'), { inputTokens: 1, outputTokens: 1 })).toBe(5_002_000);
    const searches = { inputTokens: 0, outputTokens: 0, searchUnits: 3 };
    expect(cost(book.priceOf('a', 'rerank'), searches)).toBe(6_000_000);
    expect(cost(book.priceOf('a', 'rank'), searches)).toBe(3_000_000);
    expect(cost(book.priceOf('a', 'chat'), searches)).toBeNull();
    expect(cost(book.priceOf('a', 'tts'), { inputTokens: 0, outputTokens: 0, characters: 3 })).toBe(45_000);
    expect(book.priceOf('a', 'dall-e')).toBeNull();
  });

  it('reads the rates of service tiers, and takes the standard ones for what those do not name', () => {
    const book = bookWith({
      'a/chat': {
        input_cost_per_token: 2e-6,
        output_cost_per_token: 8e-6,
        cache_read_input_token_cost: 5e-7,
        input_cost_per_token_above_200k_tokens: 4e-6,
        input_cost_per_token_flex: 1e-6,
        output_cost_per_token_flex: 4e-6,
        input_cost_per_token_priority: 3e-6,
        output_cost_per_token_priority: 1e-5,
        cache_read_input_token_cost_priority: 9e-7,
        input_cost_per_token_above_200k_tokens_priority: 7e-6,
        output_cost_per_token_batches: 3e-6,
      },
    });
    const price = book.priceOf('a', 'chat');
    const usage = { inputTokens: 10, cacheReadTokens: 4, outputTokens: 2 };
    const costs = [undefined, 'default', 'flex', 'FLEX', 'priority', 'batch', 'scale'].map(serviceTier => [
      cost(price, { ...usage, serviceTier }),
      isExact(price, { ...usage, serviceTier }),
    ]);

    expect(costs).toEqual([
      [6 * 2000 + 4 * 500 + 2 * 8000, true],
      [6 * 2000 + 4 * 500 + 2 * 8000, true],
      [6 * 1000 + 4 * 500 + 2 * 4000, true],
      [6 * 1000 + 4 * 500 + 2 * 4000, true],
      [6 * 3000 + 4 * 900 + 2 * 10_000, true],
      [6 * 2000 + 4 * 500 + 2 * 3000, true],
      [6 * 2000 + 4 * 500 + 2 * 8000, false], // nobody prices it
    ]);
    const long = { inputTokens: 200_001, outputTokens: 0 };
    expect(cost(price, { ...long, serviceTier: 'priority' })).toBe(200_001 * 7000);
    expect(cost(price, { ...long, serviceTier: 'flex' })).toBe(200_001 * 4000);
    expect(cost(price, long)).toBe(200_001 * 4000);
  });

  it('knows the flex tier of OpenAI, at half of each rate', () => {
    const book = bookWith({});
    const usage = { inputTokens: 1000, cacheReadTokens: 400, outputTokens: 200, serviceTier: 'flex' };
    for (const model of ['gpt-5', 'gpt-5-mini-2025-08-07', 'o4-mini']) {
      const price = book.priceOf('openai', model);
      expect(cost(price, usage)).toBe((cost(price, { ...usage, serviceTier: 'default' }) ?? 0) / 2);
      expect(isExact(price, usage)).toBe(true);
    }
    const others = ['gpt-4o', 'gpt-5-pro', 'o3-mini'].map(model => book.priceOf('openai', model)?.services);
    expect(others).toEqual([null, null, null]);
  });

  it.each([
    [
      'a text for the price of a service tier',
      { 'a/b': { input_cost_per_token: 1, input_cost_per_token_flex: 'half' } },
      /input_cost_per_token_flex is/,
    ],
    ['not JSON', '{"a/b": {input_cost_per_token: 1}}', /cannot be read as JSON/],
    ['a list', [], /not a JSON object/],
    ['an entry that is no object', { 'a/b': 3 }, /entry 'a\/b' must be an object/],
    ['a text for a price', { 'a/b': { input_cost_per_token: '1e-6' } }, /entry 'a\/b': input_cost_per_token/],
    ['a negative price', { 'a/b': { output_cost_per_token: -1 } }, /entry 'a\/b': output_cost_per_token/],
    [
      'a text for the price of a search',
      {
        'a/b': {
          input_cost_per_token: 1,
          search_context_cost_per_query: { search_context_size_medium: 'much' },
        },
      },
      /entry 'a\/b': search_context_cost_per_query\.search_context_size_medium is/,
    ],
    ['a misspelt field', { 'a/b': { input_cost_per_tokn: 1e-6 } }, /entry 'a\/b' has no price/],
  ])('stops the start on %s', (_, content, message) => {
    const start = () => bookWith(content);
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(/^AI_GATEWAY_PRICES_FILE /);
    expect(start).toThrow(message);
  });

  it('has a version of its own, once the list has its number', () => {
    const book = bookWith({ 'openai/gpt-4o': { input_cost_per_token: 1e-6 } });
    const before = book.inForce;
    book.use(new PriceList(toOverrides({ 'openai/gpt-4o': { input_cost_per_token: 2e-6 } }), 7));

    expect(CATALOGUE_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
    expect(before.version).toBe(CATALOGUE_VERSION);
    expect(book.inForce.version).toBe(`${CATALOGUE_VERSION}+7`);
    const usage = { inputTokens: 1, outputTokens: 0 };
    expect(cost(book.priceOf('openai', 'gpt-4o'), usage)).toBe(2000);
    expect(cost(before.priceOf('openai', 'gpt-4o'), usage)).toBe(1000); // for calls that began with it
    expect(book.inForce.isOwnPrice('openai', 'gpt-4o')).toBe(true);
    expect(book.inForce.isOwnPrice('openai', 'gpt-4.1')).toBe(false);
  });

  it('stops the start when the file is missing', () => {
    const config = Object.assign(new Config(), { pricesFile: path.join(folder, 'missing.json') });
    expect(() => new PriceBook(config)).toThrow(/^AI_GATEWAY_PRICES_FILE .*cannot be read/);
  });
});

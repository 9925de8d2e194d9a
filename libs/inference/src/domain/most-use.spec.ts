import { type Price, PriceList, toOverrides } from '@app/providers';
import type { Route } from '@app/routing';
import { totalOf } from '../../../budgets/src/domain/most-cost.js';
import { mostCost, mostOfGeneration, mostOfSound, mostOfSpeech } from './most-use.js';

const of = (body: object): ReturnType<typeof mostOfGeneration> =>
  mostOfGeneration({ json: body as Record<string, unknown>, bytes: JSON.stringify(body).length });

describe('the most that a text request can use', () => {
  it.each([
    [{ max_tokens: 50 }, 50, 1],
    [{ max_completion_tokens: 1, max_tokens: 9000 }, 9000, 1], // vendors differ in which they read
    [{ max_output_tokens: 20, n: 3 }, 20, 3],
    [{ max_tokens: 10, best_of: 4, n: 2, prompt: ['a', 'b'] }, 10, 8],
    [{ max_tokens: 10, prompt: [1, 2, 3] }, 10, 1],
    [{ generationConfig: { maxOutputTokens: 70, candidateCount: 2 } }, 70, 2],
    [{ generation_config: { max_output_tokens: '70', candidate_count: '8' } }, 70, 8],
    [{ generationConfig: { maxOutputTokens: 1 }, generation_config: { max_output_tokens: 70 } }, 70, 1],
    [{ max_tokens: 'many' }, null, 1],
    [{ max_tokens: null }, null, 1],
    [{}, null, 1],
  ])('of %j: %s tokens in each of %i answers', (body, outputTokens, answers) => {
    expect(of(body)).toMatchObject({ outputTokens, answers });
  });

  it('is a token for each byte of text, and pictures besides', () => {
    const text = { messages: [{ role: 'user', content: 'Ĝis la revido' }] };
    expect(of(text)).toMatchObject({ inputTokens: JSON.stringify(text).length, images: 0 });
    const picture = { type: 'image_url', image_url: { url: 'https://a.example/b.png' } };
    const two = { messages: [{ role: 'user', content: [picture, picture] }] };
    expect(of(two)).toMatchObject({ images: 2, media: { in: true } });
    const google = { contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: 'AA' } }] }] };
    expect(of(google)).toMatchObject({ images: 1, media: { in: true } });
  });

  it.each([
    { previous_response_id: 'resp_1', input: 'and?' },
    { input: [{ type: 'item_reference', id: 'msg_1' }] },
    { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] },
    { contents: [{ parts: [{ file_data: { file_uri: 'https://a.example/film' } }] }] },
    { contents: [{ parts: [{ inlineData: { mimeType: 'application/pdf', data: 'AA' } }] }] },
    { messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'url', url: 'x' } }] }] },
  ])('is as much as the model takes when something of it is elsewhere: %j', body => {
    expect(of(body).inputTokens).toBeNull();
  });

  it.each([
    [{ tools: [{ type: 'web_search' }] }, /web_search/],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, /web_search/],
    [{ tools: [{ googleSearch: {} }] }, /googleSearch/],
    [{ web_search_options: {} }, /web_search_options/],
    [{ mcp_servers: [{}] }, /mcp_servers/],
    [{ search_parameters: { mode: 'on' } }, /search_parameters/],
    [{ enable_search: true }, /enable_search/],
    [{ connectors: [{ id: 'web-search' }] }, /connectors/],
    [{ prompt: { id: 'pmpt_1' }, input: 'x' }, /'prompt'/],
    [{ models: ['cheap', 'dear'] }, /'models' may have the vendor ask another model/],
    [{ preset: 'mine' }, /preset/],
  ])('nobody can tell of a tool that the vendor runs: %j', (body, tool) => {
    expect(of(body).unknown).toMatch(tool);
  });

  it.each([
    { tools: [{ type: 'function', function: { name: 'f' } }] },
    { tools: [{ name: 'f', input_schema: {} }] },
    { tools: [{ functionDeclarations: [] }] },
    { tools: [{ type: 'bash_20250124', name: 'bash' }] },
    { enable_search: false, models: [], plugins: null },
  ])('can be told of a tool that the caller runs: %j', body => {
    expect(of(body)).not.toHaveProperty('unknown');
  });
});

describe('the most that it can cost', () => {
  const PRICES = new PriceList(
    toOverrides({
      'acme/plain': { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
      'acme/by-request': {
        input_cost_per_token: 1e-6,
        output_cost_per_token: 1e-6,
        input_cost_per_request: 0.014,
      },
      'acme/urgent': {
        input_cost_per_token: 1e-6,
        output_cost_per_token: 1e-6,
        input_cost_per_token_priority: 3e-6,
        output_cost_per_token_priority: 3e-6,
      },
      'acme/voice': { input_cost_per_character: 2e-6 },
      'openrouter/perplexity/sonar': { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
    }),
    1,
  );

  function costOf(vendor: string, model: string, body: object = {}): ReturnType<typeof mostCost> {
    const route = { vendor: { id: vendor }, target: { model, traits: {}, quirks: {} } } as unknown as Route;
    const price: Price | null = PRICES.priceOf(vendor, model);
    return mostCost(of({ max_tokens: 10, ...body }), route, { price, contextTokens: null });
  }

  function costOfSound(model: string): ReturnType<typeof mostCost> {
    const route = { vendor: { id: 'acme' }, target: { model, traits: {}, quirks: {} } } as unknown as Route;
    const price = PRICES.priceOf('acme', model);
    return mostCost(mostOfSound(100, 300), route, { price, contextTokens: null });
  }

  const bytes = JSON.stringify({ max_tokens: 10 }).length;

  it.each([
    [{ max_tokens: 50 }, true],
    [{ generationConfig: { maxOutputTokens: 50 } }, true],
    [{ generationConfig: { maxOutputTokens: 50, max_output_tokens: 50 } }, false],
    [{ generation_config: { max_output_tokens: 50 } }, false],
    [{ max_tokens: 5000, thinking: { type: 'enabled', budget_tokens: 4000 } }, false],
    [{ max_tokens: 5000, thinking: { type: 'adaptive' } }, true],
  ])('of %j may be made less: %j', (body, canBeShorter) => {
    expect(of(body)).toMatchObject({ canBeShorter });
  });

  it('has the fee for a request in it, and the dearer tier that is asked for', () => {
    expect(totalOf(costOf('acme', 'plain'))).toBe((bytes + 10) * 1000);
    expect(totalOf(costOf('acme', 'by-request'))).toBe((bytes + 10) * 1000 + 14_000_000);
    const body = { service_tier: 'priority' };
    expect(totalOf(costOf('acme', 'urgent', body))).toBe(
      (JSON.stringify({ max_tokens: 10, ...body }).length + 10) * 3000,
    );
    expect(totalOf(costOf('perplexity', 'sonar'))).toBe((bytes + 10) * 1000 + 12_000_000);
  });

  it.each([
    [60, 61_000],
    [3, 10_000], // it bills ten seconds at least
    [null, 401_000], // by the size of the file, which holds no more
  ])('of a recording of %s seconds is that of %i ms, where it is billed by time', (seconds, ms) => {
    const route = { vendor: { id: 'groq' }, target: { model: 'whisper-large-v3', traits: {}, quirks: {} } };
    const price = PRICES.priceOf('groq', 'whisper-large-v3');
    const most = mostCost(mostOfSpeech(seconds, 200_000, 100), route as unknown as Route, {
      price,
      contextTokens: null,
    });

    expect(totalOf(most)).toBe(Math.ceil((ms / 3_600_000) * 111_000_000));
  });

  it('of speech is that of its characters, or that of the longest sound of them', () => {
    expect(totalOf(costOfSound('voice'))).toBe(100 * 2000);
    expect(totalOf(costOfSound('plain'))).toBe((300 + 200 + 100 * 20) * 1000);
  });

  it.each([
    ['openrouter', 'perplexity/sonar', {}, /searches/],
    ['perplexity', 'sonar-deep-research', {}, /searches/],
    ['openai', 'gpt-4o-mini-search-preview', {}, /searches/],
    ['acme', 'plain', { service_tier: 'priority' }, /'priority' tier/],
    ['acme', 'plain', { speed: 'fast' }, /'fast' tier/],
  ])('is not known of %s/%s with %j', (vendor, model, body, why) => {
    expect(costOf(vendor, model, body)).toMatchObject({ fixed: null, unknown: expect.stringMatching(why) });
  });
});

import { catalog, ProviderRegistry } from '@app/providers';
import { readConfig } from '@app/shared';
import { readPreferences } from './preferences.js';

const vendors = new ProviderRegistry(catalog, readConfig({}));
const read = (value: unknown) => readPreferences(value, false, vendors);

describe("OpenRouter's provider preferences", () => {
  it('are null when nothing is said', () => {
    expect([read(undefined), read(null)]).toEqual([null, null]);
  });

  it('allow everything when they are empty', () => {
    expect(read({})).toEqual({
      preferences: {
        order: [],
        strictOrder: false,
        only: null,
        ignore: [],
        maxPrompt: null,
        maxCompletion: null,
        maxRequest: null,
        requireParameters: false,
      },
      ranking: null,
      acrossModels: false,
    });
  });

  it('mean the same by null as by nothing', () => {
    const members = ['order', 'only', 'ignore', 'allow_fallbacks', 'sort', 'max_price', 'require_parameters'];
    expect(read(Object.fromEntries(members.map(member => [member, null])))).toEqual(read({}));
  });

  it('name vendors in any case', () => {
    expect(
      read({ order: ['OpenAI', 'xai'], only: ['Anthropic'], ignore: ['GROQ'] })?.preferences,
    ).toMatchObject({
      order: ['openai', 'xai'],
      only: ['anthropic'],
      ignore: ['groq'],
    });
    expect(read({ only: [] })?.preferences.only).toEqual([]);
  });

  it.each(['order', 'only', 'ignore'])('name vendors that there are: %s', member => {
    expect(() => read({ [member]: ['openai', 'Antropic'] })).toThrow(
      expect.objectContaining({
        status: 400,
        param: `provider.${member}`,
        message: expect.stringMatching(
          /names 'Antropic', which is no vendor here\. Did you mean anthropic\? The vendors here are .*groq/,
        ),
      }),
    );
    expect(() => read({ [member]: ['__proto__'] })).toThrow(
      "names '__proto__', which is no vendor here. The",
    );
    expect(() => readPreferences(`{"${member}":["x-ai"]}`, true, vendors)).toThrow(
      `'x-llmhub-provider.${member}' names 'x-ai', which is no vendor here. Did you mean xai?`,
    );
  });

  it('make the order strict by allow_fallbacks: false', () => {
    expect(read({ order: ['openai'], allow_fallbacks: false })?.preferences.strictOrder).toBe(true);
    expect(read({ order: ['openai'], allow_fallbacks: true })?.preferences.strictOrder).toBe(false);
  });

  it.each([
    ['price', 'cheapest'],
    ['latency', 'latency'],
    ['throughput', 'throughput'],
  ])('sort by %s', (sort, ranking) => {
    expect(read({ sort })).toMatchObject({ ranking, acrossModels: false });
    expect(read({ sort: { by: sort } })).toMatchObject({ ranking, acrossModels: false });
    expect(read({ sort: { by: sort, partition: 'none' } })).toMatchObject({ ranking, acrossModels: true });
  });

  it('keep the models apart unless they say otherwise', () => {
    for (const sort of [{}, { partition: 'model' }, { by: null, partition: null }]) {
      expect(read({ sort })).toEqual(read({}));
    }
  });

  it('tell prices in US dollars, as numbers or as texts', () => {
    expect(read({ max_price: { prompt: 1.25, completion: '10', request: 0 } })?.preferences).toMatchObject({
      maxPrompt: 1_250_000_000,
      maxCompletion: 10_000_000_000,
      maxRequest: 0,
    });
    expect(read({ max_price: { prompt: 0.000_000_1 } })?.preferences).toMatchObject({
      maxPrompt: 100,
      maxCompletion: null,
    });
  });

  it.each<[string, unknown]>([
    ['provider', 'openai'],
    ['provider', '{"order":["openai"]}'],
    ['provider', ['openai']],
    ['provider', 1],
    ['provider.order', { order: 'openai' }],
    ['provider.order', { order: [''] }],
    ['provider.only', { only: [1] }],
    ['provider.ignore', { ignore: Array.from({ length: 101 }, () => 'a') }],
    ['provider.allow_fallbacks', { allow_fallbacks: 'no' }],
    ['provider.require_parameters', { require_parameters: 1 }],
    ['provider.sort', { sort: 'luck' }],
    ['provider.sort', { sort: 'constructor' }],
    ['provider.sort', { sort: ['price'] }],
    ['provider.sort.by', { sort: { by: 'exacto' } }],
    ['provider.sort.by', { sort: { by: {} } }],
    ['provider.sort.partition', { sort: { by: 'price', partition: 'vendor' } }],
    ['provider.sort.partition', { sort: { partition: ['none'] } }],
    ['provider.sort.order', { sort: { by: 'price', order: 'desc' } }],
    ['provider.max_price', { max_price: 1 }],
    ['provider.max_price', { max_price: { image: 1 } }],
    ['provider.max_price.prompt', { max_price: { prompt: -1 } }],
    ['provider.max_price.prompt', { max_price: { prompt: ' ' } }],
    ['provider.max_price.completion', { max_price: { completion: 'Infinity' } }],
    ['provider.max_price.request', { max_price: { request: true } }],
    ['provider.data_collection', { data_collection: 'deny' }],
    ['provider.__proto__', JSON.parse('{"__proto__": {}}')],
  ])('are refused by name: %s of %j', (param, value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({ status: 400, param, message: expect.stringContaining(`'${param}'`) }),
    );
  });

  it('say what is known where they name something else, and of that no more than its beginning', () => {
    expect(() => read({ [`x${'y'.repeat(500)}`]: 1 })).toThrow(
      `'provider.x${'y'.repeat(79)}' is not known here. Use order, only, ignore,`,
    );
  });

  it('come as JSON in a header', () => {
    expect(readPreferences('{"order": ["openai"]}', true, vendors)).toEqual(read({ order: ['openai'] }));
    for (const value of ['openai', '[]', '']) {
      expect(() => readPreferences(value, true, vendors)).toThrow(
        "'x-llmhub-provider' must be a JSON object.",
      );
    }
    expect(() => readPreferences('{"sort": 1}', true, vendors)).toThrow("'x-llmhub-provider.sort'");
  });
});

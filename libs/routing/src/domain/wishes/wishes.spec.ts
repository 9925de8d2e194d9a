import { catalog, ProviderRegistry } from '@app/providers';
import { readConfig, type RoutingHeaders } from '@app/shared';
import { readWishes as read } from './wishes.js';

const vendors = new ProviderRegistry(catalog, readConfig({}));
const readWishes = (body: object, headers: RoutingHeaders | null) =>
  read(body as Record<string, unknown>, headers, vendors);

const NOTHING = {
  models: [],
  preferences: null,
  ranking: null,
  acrossModels: false,
  maxAttempts: null,
  timeoutMs: null,
};

describe('wishes', () => {
  it.each([
    ['nothing', {}, null],
    ['nulls', { models: null, provider: null }, null],
    ['an empty list', { models: [] }, null],
    ['labels', {}, { tags: 'batch', metadata: '{"tier":"free"}' }],
  ])('are none for %s', (_, body, headers) => {
    expect(readWishes(body, headers)).toBeNull();
  });

  it('are what the body asks for', () => {
    const body = { models: ['a/1', 'b/2'], provider: { ignore: ['xai'], sort: 'price' } };

    expect(readWishes(body, null)).toEqual({
      ...NOTHING,
      models: ['a/1', 'b/2'],
      preferences: expect.objectContaining({ ignore: ['xai'] }),
      ranking: 'cheapest',
    });
  });

  it('are what headers ask for, which rule over the body', () => {
    const body = { models: ['a/1'], provider: { sort: 'price' } };
    const headers = {
      models: 'b/2 , c/3',
      provider: '{"sort":"latency"}',
      maxAttempts: '10',
      timeoutMs: '100',
    };

    expect(readWishes(body, headers)).toMatchObject({
      models: ['b/2', 'c/3'],
      ranking: 'latency',
      maxAttempts: 10,
      timeoutMs: 100,
    });
    expect(readWishes(body, { maxAttempts: '1' })).toMatchObject({ models: ['a/1'], ranking: 'cheapest' });
  });

  it.each([
    [{ maxAttempts: '2' }, { maxAttempts: 2 }],
    [{ timeoutMs: '3600000' }, { timeoutMs: 3_600_000 }],
    [{ models: 'a/1' }, { models: ['a/1'] }],
  ])('may be one thing alone: %j', (headers, wish) => {
    expect(readWishes({}, headers)).toEqual({ ...NOTHING, ...wish });
  });

  it.each([
    ['models', { models: 'a/1' }, null],
    ['models', { models: Array.from({ length: 21 }, (_, at) => `a/${at}`) }, null],
    ['provider', { models: [], provider: 'a' }, null],
    ['x-llmhub-models', {}, { models: '' }],
    ['x-llmhub-models', {}, { models: 'a,,b' }],
    ['x-llmhub-provider', {}, { provider: '' }],
    ['x-llmhub-max-attempts', {}, { maxAttempts: '11' }],
    ['x-llmhub-timeout-ms', {}, { timeoutMs: '99' }],
    ['x-llmhub-timeout-ms', {}, { timeoutMs: '3600001' }],
  ])('are refused by name: %s of %j %j', (param, body, headers) => {
    expect(() => readWishes(body, headers)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});

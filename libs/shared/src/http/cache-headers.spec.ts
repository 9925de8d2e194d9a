import { type CacheSettings, cacheUse } from './cache-headers.js';

const ON: CacheSettings = {
  cache: 'all',
  cacheTtlSeconds: 60,
  cacheScope: 'project',
  cacheKeeps: [],
  semanticCache: 'off',
  semanticCacheModel: 'openai/text-embedding-3-small',
  semanticCacheThreshold: 0.9,
  semanticCacheNever: [],
};
const OFF: CacheSettings = { ...ON, cache: 'off' };
const PLAIN = {
  mode: 'use',
  keeps: 'all',
  scope: 'project',
  besides: [],
  ttlMs: 60_000,
  maxAgeMs: 60_000,
  namespace: '',
  pace: null,
};

describe('what the cache has to do with a request', () => {
  it('is what the project says when the request says nothing', () => {
    expect(cacheUse(OFF, { host: 'localhost' })).toBeNull();
    expect(cacheUse(ON, { host: 'localhost' })).toEqual(PLAIN);
    expect(
      cacheUse({ ...ON, cache: 'deterministic', cacheScope: 'key', cacheKeeps: ['errors'] }, {}),
    ).toEqual({
      ...PLAIN,
      keeps: 'deterministic',
      scope: 'key',
      besides: ['errors'],
    });
  });

  it.each([
    [{ 'x-llmhub-cache': 'refresh' }, { mode: 'refresh' }],
    [{ 'x-llmhub-cache': 'only' }, { mode: 'only' }],
    [{ 'x-llmhub-cache-ttl': '5' }, { ttlMs: 5000 }],
    [{ 'x-llmhub-cache-ttl': '0' }, { ttlMs: 0 }],
    [{ 'x-llmhub-cache-ttl': '600' }, {}],
    [{ 'x-llmhub-cache-namespace': 'a:B_1.-' }, { namespace: 'a:B_1.-' }],
    [{ 'x-llmhub-cache-pace': '50' }, { pace: 50 }],
    [{ 'cache-control': 'no-cache' }, { mode: 'refresh' }],
    [{ 'cache-control': 'Only-If-Cached, Max-Age=10' }, { mode: 'only', maxAgeMs: 10_000 }],
    [{ 'cache-control': 'max-age=10,private' }, { maxAgeMs: 10_000 }],
    [{ 'cache-control': 'max-stale=3, no-transform' }, {}],
    [{ 'cache-control': 'max-age=20, max-age=10' }, { maxAgeMs: 10_000 }],
    [{ 'cache-control': 'max-age="10"' }, { maxAgeMs: 10_000 }],
    [{ 'cache-control': 'max-age=31536000000' }, {}],
    [{ 'cache-control': `max-age=${'9'.repeat(400)}` }, {}],
    [{ 'cache-control': 'max-age=soon' }, { maxAgeMs: 0 }],
    [{ 'cache-control': 'max-age' }, { maxAgeMs: 0 }],
    [{ 'cache-control': 'max-age=-1' }, { maxAgeMs: 0 }],
  ])('is what the request says: %j', (headers, use) => {
    expect(cacheUse(ON, headers)).toEqual({ ...PLAIN, ...use });
  });

  it.each([
    [{ 'x-llmhub-cache': 'exact', 'cache-control': 'no-cache' }, { mode: 'refresh' }],
    [{ 'x-llmhub-cache': 'exact', 'cache-control': 'max-age=1' }, { maxAgeMs: 1000 }],
    [
      { 'x-llmhub-cache': 'only', 'cache-control': 'max-age=1' },
      { mode: 'only', maxAgeMs: 1000 },
    ],
    [
      { 'x-llmhub-cache': 'refresh', 'cache-control': 'max-age=1' },
      { mode: 'refresh', maxAgeMs: 1000 },
    ],
    [
      { 'x-llmhub-cache': 'only', 'cache-control': 'no-cache' },
      { mode: 'only', keeps: 'off' },
    ],
    [
      { 'x-llmhub-cache': 'only', 'cache-control': 'no-store' },
      { mode: 'only', keeps: 'off' },
    ],
    [
      { 'x-llmhub-cache': 'off', 'cache-control': 'only-if-cached' },
      { mode: 'only', keeps: 'off' },
    ],
    [
      { 'x-llmhub-cache': 'refresh', 'cache-control': 'only-if-cached' },
      { mode: 'only', keeps: 'off' },
    ],
    [{ 'cache-control': 'only-if-cached, no-store' }, { mode: 'only', keeps: 'off' }],
  ])('is all that the request says: %j', (headers, use) => {
    expect(cacheUse(ON, headers)).toEqual({ ...PLAIN, ...use });
  });

  it('is never older than the project keeps it by now', () => {
    expect(cacheUse({ ...ON, cacheTtlSeconds: 1 }, {})).toMatchObject({ maxAgeMs: 1000 });
    expect(cacheUse(ON, { 'x-llmhub-cache-ttl': '5' })).toMatchObject({ maxAgeMs: 60_000 });
  });

  it.each<Record<string, string>>([
    { 'x-llmhub-cache': 'exact', 'cache-control': 'no-store' },
    { 'x-llmhub-cache': 'refresh', 'cache-control': 'no-store' },
    { 'x-llmhub-cache': 'off', 'cache-control': 'max-age=5' },
  ])('is nothing for a request that says of one of two headers that it wants nothing: %j', headers => {
    expect(cacheUse(ON, headers)).toBeNull();
  });

  it('is the same words alone where the project or the request wants no others', () => {
    const semantic = {
      mode: 'shadow',
      model: 'openai/text-embedding-3-small',
      threshold: 0.95,
      never: ['balance'],
    } as const;
    const settings: CacheSettings = {
      ...ON,
      semanticCache: 'shadow',
      semanticCacheThreshold: 0.95,
      semanticCacheNever: ['balance'],
    };

    expect(cacheUse(settings, {})).toEqual({ ...PLAIN, semantic });
    expect(cacheUse(settings, { 'x-llmhub-cache': 'only' })).toEqual({ ...PLAIN, mode: 'only' });
    expect(cacheUse(settings, { 'x-llmhub-cache': 'exact' })).toEqual(PLAIN);
    expect(cacheUse(ON, { 'x-llmhub-cache': 'exact' })).toEqual(PLAIN);
  });

  it.each<Record<string, string>>([{ 'x-llmhub-cache': 'off' }, { 'cache-control': 'no-store, max-age=5' }])(
    'is nothing for a request that wants nothing of it: %j',
    headers => {
      expect(cacheUse(ON, headers)).toBeNull();
    },
  );

  it('is nothing in a project without a cache, but for a request that wants nothing else', () => {
    expect(cacheUse(OFF, { 'x-llmhub-cache': 'refresh', 'x-llmhub-cache-ttl': '5' })).toBeNull();
    expect(cacheUse(OFF, { 'cache-control': 'max-age=5' })).toBeNull();
    expect(cacheUse(OFF, { 'x-llmhub-cache': 'only' })).toMatchObject({ mode: 'only', keeps: 'off' });
    expect(cacheUse(OFF, { 'cache-control': 'only-if-cached' })).toMatchObject({
      mode: 'only',
      keeps: 'off',
    });
  });

  it.each([
    ['x-llmhub-cache', 'on'],
    ['x-llmhub-cache', ''],
    ['x-llmhub-cache', 'constructor'],
    ['x-llmhub-cache', 'hit; age=3'],
    ['x-llmhub-cache-ttl', '-1'],
    ['x-llmhub-cache-ttl', '1.5'],
    ['x-llmhub-cache-ttl', '1h'],
    ['x-llmhub-cache-ttl', '12345678901'],
    ['x-llmhub-cache-namespace', ''],
    ['x-llmhub-cache-namespace', 'with space'],
    ['x-llmhub-cache-namespace', 'n'.repeat(65)],
    ['x-llmhub-cache-pace', '0'],
    ['x-llmhub-cache-pace', '1000'],
    ['x-llmhub-cache-pace', '20/s'],
  ])('is refused when it cannot be read: %s: %j', (header, value) => {
    for (const settings of [ON, OFF]) {
      expect(() => cacheUse(settings, { [header]: value })).toThrow(
        expect.objectContaining({ status: 400, param: header }),
      );
    }
  });
});

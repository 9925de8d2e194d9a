import type { CacheSettings } from '@app/shared';

/** Of a project that was not told otherwise, also one that is older than the cache. */
export const CACHE_DEFAULTS = {
  cache: 'off',
  cacheTtlSeconds: 3600,
  cacheScope: 'project',
  cacheKeeps: [] as never[],
  semanticCache: 'off',
  semanticCacheModel: null,
  semanticCacheThreshold: 0.9,
  semanticCacheNever: [] as string[],
} as const satisfies CacheSettings;

import type { CacheSettings } from '@app/shared';

/** Of a project that was not told otherwise, also one that is older than the cache. */
export const CACHE_DEFAULTS: CacheSettings = { cache: 'off', cacheTtlSeconds: 3600, cacheScope: 'project' };

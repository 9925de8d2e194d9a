import type { CacheControlEphemeral } from '@anthropic-ai/sdk/resources/messages';
import type { Losses } from '../domain/losses.js';
import type { CacheMark } from '../domain/part.js';
import { isObject, type Wire } from '../domain/wire.js';

/** More than four marks give 400. https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const MAX_MARKS = 4;

export interface Markable {
  cache_control?: CacheControlEphemeral | null;
}

/** `cache_control` to spread into a block; empty without a mark. */
export function cacheControl(mark: CacheMark | undefined, losses: Losses): Markable {
  if (!mark) {
    return {};
  }
  switch (mark.ttl) {
    case undefined:
      return { cache_control: { type: 'ephemeral' } };
    case '5m':
    case '1h':
      return { cache_control: { type: 'ephemeral', ttl: mark.ttl } };
    default:
      losses.approximated(
        'prompt_cache_breakpoint.ttl',
        `Anthropic caches for 5m or 1h; '${mark.ttl}' became 1h.`,
      );
      return { cache_control: { type: 'ephemeral', ttl: '1h' } };
  }
}

/** The mark on a block or tool of a caller of this dialect. */
export function readCacheMark(wire: Wire): CacheMark | undefined {
  const mark = wire['cache_control'];
  return isObject(mark) ? { ...(typeof mark['ttl'] === 'string' && { ttl: mark['ttl'] }) } : undefined;
}

/** Keeps the last four marks, which cover the longest prefixes. Takes the others out of `blocks`, in prompt order. */
export function limitCacheMarks(blocks: Iterable<Markable>, losses: Losses): void {
  const marked = Array.from(blocks).filter(block => block.cache_control);
  for (const block of marked.slice(0, -MAX_MARKS)) {
    delete block.cache_control;
    losses.dropped(
      'prompt_cache_breakpoint',
      `Anthropic takes ${MAX_MARKS} cache marks; the last ones were kept.`,
    );
  }
}

import type { Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import type { CacheMark } from '../domain/part.js';

/** What every piece of the request writer needs. */
export interface WriteContext {
  readonly target: Target;
  readonly losses: Losses;
  /** The caller speaks this dialect too, so file ids of its request are ids at this vendor. */
  readonly native: boolean;
  /** Gemini 3 and later: thought signatures are demanded, tool results may hold media, thinking has levels. */
  readonly gemini3: boolean;
  /** Every `detail` that an image asked for; Gemini has one setting for all images of a request. */
  readonly imageDetails: Set<string>;
}

export function newContext(target: Target, losses: Losses, native: boolean): WriteContext {
  const gemini3 = isGemini3(target);
  return { target, losses, native, gemini3, imageDetails: new Set() };
}

export function isGemini3({ model, traits }: Target): boolean {
  return traits.reasoning === undefined
    ? /^(?:models\/)?gemini-(?:[3-9]|\d\d)/.test(model)
    : traits.reasoning === 'level';
}

export function dropCacheMark(mark: CacheMark | undefined, losses: Losses): void {
  if (mark) {
    losses.dropped('prompt_cache_breakpoint', 'Gemini caches prompts by itself and takes no marks.');
  }
}

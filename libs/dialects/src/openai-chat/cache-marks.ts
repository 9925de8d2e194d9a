import type { CacheMark, ResultPart, ToolResultPart } from '../domain/part.js';
import { objectAt, type Wire } from '../domain/wire.js';
import { lose, type WriteContext } from './write-context.js';

/** OpenAI's name for a mark, and the one that Anthropic's models go by at OpenRouter. */
export const MARKS = ['prompt_cache_breakpoint', 'cache_control'] as const;

/**
 * The mark on a part or tool. The wire member itself stays in `native`, so that a vendor of this dialect gets it in
 * the spelling it knows.
 */
export function cacheOf(wire: Wire): CacheMark | undefined {
  for (const name of MARKS) {
    const mark = objectAt(wire, name);
    if (mark) {
      return typeof mark['ttl'] === 'string' ? { ttl: mark['ttl'] } : {};
    }
  }
  return undefined;
}

/** The mark as Anthropic's models know it. https://openrouter.ai/docs/features/prompt-caching */
export function cacheControl({ ttl }: CacheMark, context: WriteContext): Wire {
  if (ttl === undefined || ttl === '5m' || ttl === '1h') {
    return { type: 'ephemeral', ...(ttl && { ttl }) };
  }
  lose(context, 'approximated', 'prompt_cache_breakpoint.ttl', `'${ttl}' became 1h.`);
  return { type: 'ephemeral', ttl: '1h' };
}

/** A mark that the gateway set for a caller of this dialect, whose own marks are in `native`; nothing where none is taken. */
export function ownMark(
  { cache, native }: { readonly cache?: CacheMark | undefined; readonly native?: Wire | undefined },
  context: WriteContext,
): Wire {
  const isOurs = cache && context.target.quirks.cacheControl && !cacheOf(native ?? {});
  return isOurs ? { cache_control: cacheControl(cache, context) } : {};
}

/** The parts of a result. A mark on the whole of it stands on its last part: OpenAI marks nothing but parts. */
export function markedParts({ parts, cache }: ToolResultPart, context: WriteContext): readonly ResultPart[] {
  const last = parts.at(-1);
  if (!cache || last?.kind === 'native' || !last) {
    loseMark(cache, context);
    return parts;
  }
  return [...parts.slice(0, -1), { ...last, cache: last.cache ?? cache }];
}

/** There is no place for a mark on what has no parts, and none on what the model said. */
export function loseMark(cache: CacheMark | undefined, context: WriteContext): void {
  if (cache) {
    lose(
      context,
      'dropped',
      'prompt_cache_breakpoint',
      'OpenAI takes cache marks on parts of the prompt only.',
    );
  }
}

import { estimateTokens, type GenerationRequest, type Part, type Target, type Turn } from '@app/dialects';
import type { Clock, Secrets } from '@app/shared';
import { hmac } from '../hmac.js';
import { leastCached } from './least-cached.js';
import { StartRates } from './start-rates.js';

/** With these the vendor has the conversation, and the request only what is new. */
const KEPT_ELSEWHERE = ['previous_response_id', 'conversation'] as const;
const KEY_LENGTH = 32;

/**
 * OpenAI sends a prompt to a machine by its first 256 tokens or so and by `prompt_cache_key`, and what a machine has seen it has in
 * its cache. Beyond some 15 calls a minute others are asked, too. So conversations that begin alike have one key in common, as if
 * there were none, until there are more calls than that; then they are spread over more keys, and each stays with its own. What
 * begins with too little to be cached has a key for each conversation.
 * https://developers.openai.com/api/docs/guides/prompt-caching
 */
export class CacheKeys {
  private readonly rates = new StartRates();

  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @returns the request itself where the vendor takes no key, the caller chose one, or there is too little to be cached */
  set(request: GenerationRequest, projectId: string, target: Target): GenerationRequest {
    const { settings, native, turns, tools } = request;
    const isChosen =
      settings.promptCacheKey !== undefined || KEPT_ELSEWHERE.some(name => name in native.fields);
    if (!target.quirks.promptCacheKey || isChosen) {
      return request;
    }
    const first = turns.findIndex(({ role }) => role === 'user');
    const asked = turns[first];
    const started = [JSON.stringify(tools.list), ...textsOf(turns.slice(0, first))];
    const least = leastCached(target.model);
    if (!asked || !isLong([...started, ...textsOf(turns.slice(first))], least)) {
      return request;
    }
    const start = this.digest([projectId, target.model, ...started]);
    const own = this.digest(textsOf([asked]));
    const promptCacheKey = isLong(started, least) ? this.shared(start, own) : this.digest([start, own]);
    const body = native.body && { ...native.body, prompt_cache_key: promptCacheKey };
    return {
      ...request,
      settings: { ...settings, promptCacheKey },
      native: { ...native, ...(body && { body }) },
    };
  }

  /** Of all conversations that begin so, or of this one and some others. The first stays what it was when it was the only one. */
  private shared(start: string, own: string): string {
    const keys = this.rates.keysFor(start, this.clock.ticks());
    const key = Number.parseInt(own.slice(0, 8), 16) % keys;
    return key === 0 ? start : `${start}-${key}`;
  }

  private digest(parts: readonly string[]): string {
    const said = parts.map(part => `${part.length}:${part}`).join('');
    return hmac(this.secrets.cacheKey, said).toString('hex').slice(0, KEY_LENGTH);
  }
}

function textsOf(turns: readonly Turn[]): readonly string[] {
  return turns.flatMap(({ role, parts }) => [role, ...parts.flatMap(part => textOf(part))]);
}

function textOf(part: Part): readonly string[] {
  return part.kind === 'text' ? [part.text] : part.kind === 'tool-result' ? part.parts.flatMap(textOf) : [];
}

function isLong(texts: readonly string[], tokens: number): boolean {
  return estimateTokens(texts.reduce((sum, text) => sum + text.length, 0)) >= tokens;
}

import type { Target } from '@app/dialects';
import type { Price, Rates } from '@app/providers';
import { leastCached } from './least-cached.js';

/** Cache rates of a model whose vendor takes marks. */
export interface MarkTaker {
  /** Shorter beginnings of a prompt are not cached, in tokens. */
  readonly leastTokens: number;
  /** Nano-USD that a token costs more when it is written to the cache. */
  readonly dearerWrite: number;
}

const MILLION = 1_000_000;

/**
 * Null where marks do nothing, or nobody knows that they pay: only Claude wants to be told what to cache, behind Anthropic's
 * own wire format or OpenRouter's `cache_control`, and only with prices of reads and writes can it be said what they save.
 */
export function markTaker({ model, quirks }: Target, dialect: string, price: Price | null): MarkTaker | null {
  const takes =
    dialect === 'anthropic-messages' || (dialect === 'openai-chat' && quirks.cacheControl === true);
  const rates = price?.tiers[0];
  const extra = takes && /claude/i.test(model) && rates ? extraOf(rates) : null;
  return extra === null ? null : { leastTokens: leastCached(model), dearerWrite: extra };
}

function extraOf({ input, cacheRead, cacheWrite }: Rates): number | null {
  const paysOff = input !== null && cacheRead !== null && cacheWrite !== null && cacheRead < input;
  return paysOff && cacheWrite > input ? (cacheWrite - input) / MILLION : null;
}

import type { CachedAnswer } from '@app/optimization';
import { type CacheUse, usdOf } from '@app/shared';
import type { CacheNote } from '../exchange.js';

const BYPASS: CacheNote = { status: 'bypass', hit: null };
const MISS: CacheNote = { status: 'miss', hit: null };
const REFRESH: CacheNote = { status: 'refresh', hit: null };

/** What a caller is told whom a vendor answers. @param isCacheable whether its answer may be kept */
export function vendorNote({ mode }: CacheUse, isCacheable: boolean): CacheNote {
  if (!isCacheable) {
    return BYPASS;
  }
  return mode === 'refresh' ? REFRESH : MISS;
}

/** What a caller is told who is given what was kept. */
export function hitNote(
  { inputTokens, outputTokens, costNanoUsd, callId }: CachedAnswer,
  ageMs: number,
): CacheNote {
  const age = Math.floor(ageMs / 1000);
  return {
    status: `hit; age=${age}`,
    hit: {
      age,
      usage: { input_tokens: inputTokens, output_tokens: outputTokens },
      saved_usd: costNanoUsd === null ? null : usdOf(costNanoUsd),
      call: callId,
    },
  };
}

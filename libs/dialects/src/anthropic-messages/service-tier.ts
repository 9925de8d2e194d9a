/**
 * Tiers a caller may ask for: `auto` means the same everywhere, and OpenAI's `default` is Anthropic's word for no
 * priority capacity.
 */
export function canonicalTier(tier: string): string {
  return tier === 'standard_only' ? 'default' : tier;
}

/** Tiers that served a call, as vendors of other dialects name them, in Anthropic's words. */
const SERVED: ReadonlyMap<string, string> = new Map([
  ['default', 'standard'],
  ['on_demand', 'standard'],
  ['fast', 'priority'],
]);

export function servedTier(tier: string): string {
  return SERVED.get(tier) ?? tier;
}

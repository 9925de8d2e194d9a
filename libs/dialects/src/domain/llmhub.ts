import type { Usage } from './usage.js';

/** What the gateway knows of a call and says in its answer, as `x_llmhub`. */
export interface LlmHub {
  /** US dollars; null when a price is not known. */
  readonly cost: number | null;
  readonly [member: string]: unknown;
}

/** `cost` of a usage object: as reckoned, else as the vendor told it; nothing when neither is known. US dollars. */
export function costMember({ providerCostUsd }: Usage, llmhub: LlmHub | null): { readonly cost?: number } {
  const cost = llmhub?.cost ?? providerCostUsd;
  return cost === undefined ? {} : { cost };
}

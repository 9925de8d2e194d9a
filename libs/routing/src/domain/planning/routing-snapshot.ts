import type { Strategy } from '../policies/strategy.js';

/** What a single request may ask for besides: plain sorting by one number, without sharing the load. */
export type Ranking = Strategy | 'latency' | 'throughput';

/**
 * Everything a decision depends on, as plain JSON: it is recorded with the decision, and `plan` makes the same decision of
 * it again. Unknown is null, never 0.
 */
export interface RoutingSnapshot {
  readonly v: 1;
  /** The policy that the name asked for stands for, as `name@version`. */
  readonly policy: string | null;
  /** Which of the policy's rules held, counted from 0. */
  readonly rule: number | null;
  readonly ranking: Ranking;
  /** What counts how much in `balanced`. */
  readonly weights: BalancedWeights | null;
  /** One draw from [0, 1); all that is left to chance comes from it. */
  readonly random: number;
  readonly request: RequestFacts;
  readonly preferences: Preferences | null;
  readonly candidates: readonly Candidate[];
}

export interface BalancedWeights {
  readonly price: number;
  readonly latency: number;
  readonly throughput: number;
  readonly load: number;
}

export interface RequestFacts {
  /** Estimated. */
  readonly inputTokens: number;
  /** The most the caller allows; null when it sets no limit. */
  readonly maxOutputTokens: number | null;
  readonly stream: boolean;
  /** Capabilities that the model must have, in the words of `Capabilities`: `image_input`, `tools`, … */
  readonly needs: readonly string[];
}

/** What one request asks of its routing, in OpenRouter's vocabulary. Vendors by id. */
export interface Preferences {
  /** These first, in this order. */
  readonly order: readonly string[];
  /** No others behind those of `order`; without an order, nobody behind the first. */
  readonly strictOrder: boolean;
  readonly only: readonly string[] | null;
  readonly ignore: readonly string[];
  /** In nano-USD: for a million tokens of the prompt, of the completion, and for a request. */
  readonly maxPrompt: number | null;
  readonly maxCompletion: number | null;
  readonly maxRequest: number | null;
  /** Only where every parameter of the request is understood. */
  readonly requireParameters: boolean;
}

/** One target with all that was known of it at that moment. */
export interface Candidate {
  readonly vendor: string;
  readonly model: string;
  /** Of several models that were asked for, which one this stands for; earlier ones come first whatever the ranking. */
  readonly group: number;
  readonly weight: number;
  /** What this request is expected to cost here, in nano-USD. */
  readonly cost: number | null;
  /** Nano-USD for a million tokens. */
  readonly promptRate: number | null;
  readonly completionRate: number | null;
  /** Nano-USD for a request, besides its tokens. */
  readonly requestRate: number;
  /** Input tokens that the vendor is expected to have cached; `cost` knows of them. */
  readonly warmTokens: number;
  /** Expected; `cost` knows of them. */
  readonly outputTokens: number;
  /** What the request needs and this model is known not to have. */
  readonly lacks: readonly string[];
  /** Parameters of the request that this vendor does not take; looked up only when they are required. */
  readonly refuses: readonly string[];
  /** The request is longer than what the model takes. */
  readonly tooLong: boolean;
  /** Why it cannot be used at all: its key's scope, no key for the vendor, or a recording longer than it hears. */
  readonly closed: string | null;
  /** Takes no calls for now: its circuit breaker is open, or all keys for it are cooling down. */
  readonly down: 'circuit-open' | 'keys-cooling' | null;
  /** For how long, in ms. */
  readonly downForMs: number;
  /** It is down since all keys for it have met limits; absent when it is not. */
  readonly limited?: true;
  /** Calls under way from this gateway. */
  readonly open: number;
  /** Expected time to the first token, in ms. */
  readonly ttftMs: number | null;
  readonly tokensPerSecond: number | null;
  /** Since it was last measured, in ms. */
  readonly ageMs: number | null;
}

/** What `plan` made of a snapshot. All three lists speak of candidates by their index. */
export interface RoutingPlan {
  /** Who is asked, in which order. */
  readonly order: readonly number[];
  /** Of each candidate: less is better; null when nothing is known to rank it by, or it is excluded. */
  readonly scores: readonly (number | null)[];
  /** Of each candidate: why it is not asked, in words; null when it is. */
  readonly excluded: readonly (string | null)[];
}

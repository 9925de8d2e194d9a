import { Injectable } from '@nestjs/common';
import type { GenerationRequest, Target, Usage } from '@app/dialects';
import { type Price, PriceBook, promptCacheSaving } from '@app/providers';
import { Clock, type PromptPass } from '@app/shared';
import { CacheAccounts } from './cache-account.js';
import { decideMarks, isFresh, type MarkDecision, warmUntil } from './cache-marks.js';
import { hasCacheMarks } from './caller-marks.js';
import { markTaker } from './mark-taker.js';
import { placeMarks } from './place-marks.js';
import { PrefixMemory } from './prefix-memory.js';
import { type Prefix, prefixesOf, type PromptPrefixes } from './prompt-prefixes.js';
import { orderTools } from './tool-order.js';

/** Whose request it is, and where it goes. */
export interface PassContext {
  readonly projectId: string;
  readonly passes: readonly PromptPass[];
  readonly target: Target;
  /** Wire format that the vendor is asked in. */
  readonly dialect: string;
}

/** A request that went through the passes. */
export interface PassedPrompt {
  /** The very same when no pass had anything to do. */
  readonly request: GenerationRequest;
  /** To learn from when the usage is known; null where there is nothing to learn. */
  readonly trail: PromptTrail | null;
}

/** What was known of a prompt when it was sent. */
export interface PromptTrail {
  readonly scope: string;
  readonly prefixes: PromptPrefixes;
  readonly decision: MarkDecision;
  readonly price: Price | null;
  /** Monotonic ms. */
  readonly sentAt: number;
}

/** What the marks of a prompt saved, in nano-USD, negative where they cost; null without any, or when nobody can tell. */
export function savedByMarks({ decision, price }: PromptTrail, usage: Usage | null): number | null {
  return usage && !usage.estimated && decision.marked.length > 0 ? promptCacheSaving(price, usage) : null;
}

/**
 * Changes prompts so that they cost less and say the same. What it learns is in memory only, of this process: another gateway
 * learns on its own, and a new one begins anew.
 */
@Injectable()
export class PromptPasses {
  private readonly memory = new PrefixMemory();
  private readonly accounts = new CacheAccounts();

  constructor(
    private readonly prices: PriceBook,
    private readonly clock: Clock,
  ) {}

  /** Applied to what it gave, it changes nothing. */
  apply(request: GenerationRequest, context: PassContext): PassedPrompt {
    const { passes } = context;
    const ordered = passes.includes('tool_order') ? orderTools(request) : request;
    return passes.includes('cache_marks') ? this.mark(ordered, context) : { request: ordered, trail: null };
  }

  /** The call is over. @param usage null when the vendor told none */
  learn(trail: PromptTrail, usage: Usage | null): void {
    const { scope, prefixes, decision, sentAt } = trail;
    const saved = savedByMarks(trail, usage);
    const isCached = saved !== null && (usage?.cacheReadTokens ?? 0) + (usage?.cacheWriteTokens ?? 0) > 0;
    const warm = new Set(isCached ? decision.marked : []);
    const { memory } = this;
    const until = (prefix: Prefix): number =>
      warm.has(prefix) ? warmUntil(sentAt) : (memory.get(prefix.hash)?.warmUntil ?? 0);
    for (const prefix of prefixes.shared) {
      const before = memory.get(prefix.hash);
      const run = before && isFresh(before, sentAt) ? before.run + (decision.before ? 0 : 1) : 1;
      memory.set(prefix.hash, { seenAt: sentAt, run, warmUntil: until(prefix), savedNanoUsd: 0 });
    }
    const { before, run } = decision;
    const left = before && memory.get(before.hash);
    if (before && left) {
      memory.set(before.hash, { ...left, warmUntil: until(before), savedNanoUsd: 0 }); // it is spent once
    }
    const end = prefixes.own.at(-1) as Prefix;
    const savedNanoUsd = decision.savedNanoUsd + (saved ?? 0);
    memory.set(end.hash, { seenAt: sentAt, run, warmUntil: until(end), savedNanoUsd });
    if (saved !== null) {
      this.accounts.add(scope, saved, sentAt);
    }
  }

  private mark(request: GenerationRequest, { projectId, target, dialect }: PassContext): PassedPrompt {
    const price = this.prices.priceOf(target.vendor, target.model);
    const taker = markTaker(target, dialect, price);
    if (!taker || hasCacheMarks(request)) {
      return { request, trail: null };
    }
    const scope = JSON.stringify([projectId, target.vendor, target.model]);
    const now = this.clock.ticks();
    const prefixes = this.accounts.isOff(scope, now) ? null : prefixesOf(request, scope);
    if (!prefixes) {
      return { request, trail: null };
    }
    const decision = decideMarks(prefixes, request, { memory: this.memory, taker, now });
    const ends = decision.marked.map(({ end }) => end);
    return {
      request: ends.length > 0 ? placeMarks(request, ends) : request,
      trail: { scope, prefixes, decision, price, sentAt: now },
    };
  }
}

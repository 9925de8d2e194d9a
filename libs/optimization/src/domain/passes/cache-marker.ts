import type { GenerationRequest, Target, Usage } from '@app/dialects';
import { type Price, promptCacheSaving } from '@app/providers';
import type { Clock } from '@app/shared';
import { CacheAccounts } from './cache-account.js';
import { decideMarks, isFresh, type MarkDecision, warmUntil } from './cache-marks.js';
import { hasCacheMarks } from './caller-marks.js';
import { markTaker } from './mark-taker.js';
import { placeMarks } from './place-marks.js';
import { PrefixMemory } from './prefix-memory.js';
import { type Prefix, prefixesOf, type PromptPrefixes } from './prompt-prefixes.js';

/** What was known of a prompt when it was sent. */
export interface MarkTrail {
  readonly scope: string;
  readonly prefixes: PromptPrefixes;
  readonly decision: MarkDecision;
  /** Monotonic ms. */
  readonly sentAt: number;
}

/** A request, and what to learn from when its usage is known; null where there is nothing to learn. */
export interface Marked {
  readonly request: GenerationRequest;
  readonly trail: MarkTrail | null;
}

interface Going {
  readonly projectId: string;
  readonly target: Target;
  readonly dialect: string;
  readonly price: Price | null;
}

/**
 * Whether the vendor told what the prompt was. A stream that ends early has nothing but the rest of its output estimated: what was
 * read from the cache, and written to it, is told at the beginning.
 */
export function tellsPrompt({ estimated, cacheReadTokens, cacheWriteTokens }: Usage): boolean {
  return !estimated || cacheReadTokens !== undefined || cacheWriteTokens !== undefined;
}

/** What the marks of a prompt saved, in nano-USD, negative where they cost; null without any, or when nobody can tell. */
export function savedByMarks(
  { decision }: MarkTrail,
  price: Price | null,
  usage: Usage | null,
): number | null {
  return usage && tellsPrompt(usage) && decision.marked.length > 0 ? promptCacheSaving(price, usage) : null;
}

/** Marks what is to be cached, and learns from what became of it. */
export class CacheMarker {
  private readonly memory = new PrefixMemory();
  private readonly accounts = new CacheAccounts();

  constructor(private readonly clock: Clock) {}

  mark(request: GenerationRequest, { projectId, target, dialect, price }: Going): Marked {
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
      trail: { scope, prefixes, decision, sentAt: now },
    };
  }

  /** The call is over. @param usage null when the vendor told none */
  learn(trail: MarkTrail, price: Price | null, usage: Usage | null): void {
    const { scope, prefixes, decision, sentAt } = trail;
    const saved = savedByMarks(trail, price, usage);
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
}

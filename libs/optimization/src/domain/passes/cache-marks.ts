import type { GenerationRequest } from '@app/dialects';
import type { MarkTaker } from './mark-taker.js';
import type { PrefixMemory, Sighting } from './prefix-memory.js';
import type { Prefix, PromptPrefixes } from './prompt-prefixes.js';

/** What stays in the vendor's cache after its last use. */
export const TTL_MS = 300_000;
/** The vendor counts from when it got the prompt, and so do we, but not by the same clock. */
const TTL_MARGIN_MS = 15_000;
/** A conversation that came back so often in time is taken to go on. */
const FIRM_RUN = 3;
/** So many conversations in a row began with the same tools and instructions: the next will, too. */
const FIRM_STARTS = 5;

/** What the memory says of a prompt, and what follows. */
export interface MarkDecision {
  /** Where marks go, in prompt order; none: the request goes as it is. At most four. */
  readonly marked: readonly Prefix[];
  /** The last thing that is known of this conversation. */
  readonly before: Prefix | null;
  /** What `before` left, for what comes next. */
  readonly run: number;
  readonly savedNanoUsd: number;
}

/**
 * Where marks pay. Whatever is in the cache is read, which can only save. Written is only what was seen to come back: a write
 * costs a quarter more than the prompt, which the next read more than makes up for, and which is lost when none comes. So it is
 * risked where the conversation has saved as much before, or has come back so often that it is taken to go on; and for what
 * conversations begin with where many of them did.
 */
export function decideMarks(
  prefixes: PromptPrefixes,
  { turns }: Pick<GenerationRequest, 'turns'>,
  { memory, taker, now }: { readonly memory: PrefixMemory; readonly taker: MarkTaker; readonly now: number },
): MarkDecision {
  const { shared, own } = prefixes;
  const before = lastSeen(own, memory, now);
  const sighting = before && memory.get(before.hash);
  const run = sighting && isFresh(sighting, now) ? sighting.run + 1 : 0;
  const savedNanoUsd = sighting?.savedNanoUsd ?? 0;
  const long = (prefix: Prefix): boolean => prefix.tokens >= taker.leastTokens;
  const isWarm = ({ hash }: Prefix): boolean => (memory.get(hash)?.warmUntil ?? 0) > now;
  const warm = [...shared, ...own].findLast(prefix => long(prefix) && isWarm(prefix));
  const end = own.at(-1) as Prefix;
  const risked = (end.tokens - (warm?.tokens ?? 0)) * taker.dearerWrite;
  const goesOn = run > 0 && (savedNanoUsd >= risked || Math.max(run, toolRounds(turns)) >= FIRM_RUN);
  const known = { before, run, savedNanoUsd };
  if (goesOn && long(end)) {
    return { ...known, marked: [...new Set([...shared.filter(long), ...(warm ? [warm] : []), end])] };
  }
  const start = shared.findLast(long);
  const starts = start && memory.get(start.hash);
  const begins = starts && isFresh(starts, now) && starts.run >= FIRM_STARTS;
  const last = warm ?? (begins ? start : undefined);
  const marked = last ? [...shared.filter(prefix => long(prefix) && prefix.tokens < last.tokens), last] : [];
  return { ...known, marked };
}

/** The longest prefix that was seen in time; else the longest that was seen at all. */
function lastSeen(own: readonly Prefix[], memory: PrefixMemory, now: number): Prefix | null {
  const seen = own.filter(({ hash }) => memory.get(hash));
  const fresh = seen.findLast(({ hash }) => isFresh(memory.get(hash) as Sighting, now));
  return fresh ?? seen.at(-1) ?? null;
}

/** Whether what was seen then is in time to be followed. */
export function isFresh({ seenAt }: Sighting, now: number): boolean {
  return now - seenAt < TTL_MS - TTL_MARGIN_MS;
}

/** How long what is used now stays in the cache. */
export function warmUntil(now: number): number {
  return now + TTL_MS - TTL_MARGIN_MS;
}

/** How often the model called tools since anybody else spoke: the loop of an agent. */
function toolRounds(turns: GenerationRequest['turns']): number {
  const spoken = turns.findLastIndex(({ role }) => role === 'user');
  let rounds = 0;
  turns.forEach(({ role }, at) => {
    rounds += at > spoken && role === 'tool' && turns[at - 1]?.role === 'assistant' ? 1 : 0;
  });
  return rounds;
}

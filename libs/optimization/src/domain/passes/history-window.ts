import { estimateTokens, type GenerationRequest, type NativePart, type Part, type Turn } from '@app/dialects';
import type { HistoryWindow } from '@app/shared';
import { MEDIUM_TOKENS } from './prompt-prefixes.js';
import { withoutItems } from './responses-body.js';

/** A request without what stands before its window. */
export interface Windowed {
  /** The very same when all of it fits. */
  readonly request: GenerationRequest;
  /** So many turns were left out. */
  readonly turns: number;
  /** And so many tokens, estimated. */
  readonly tokens: number;
}

/**
 * Leaves out the beginning of a conversation, as its caller asked. Instructions and tools stay; what is left begins with a question of
 * the user, so that no call of a tool is parted from its result, nor what is asked from its answer, and the last question stays whatever its size.
 *
 * The window moves in steps: when there is too much, half of it goes. So the prompt has the same beginning for many calls, and
 * comes from the vendor's prompt cache; with a window that moves in every call nothing ever would.
 */
export function windowed(request: GenerationRequest, { unit, most }: HistoryWindow): Windowed {
  const { turns, native } = request;
  const starts = exchangesOf(turns);
  const sizes = starts.map((from, at) => (unit === 'last' ? 1 : tokensOf(turns.slice(from, starts[at + 1]))));
  const first = firstKept(sizes, most);
  const start = starts[first] ?? 0;
  if (first === 0) {
    return { request, turns: 0, tokens: 0 };
  }
  const left = turns.slice(0, start).filter(turn => !isInstruction(turn));
  const kept = turns.filter((turn, at) => at >= start || isInstruction(turn));
  const questions = left.filter(({ role }) => role === 'user').length;
  const body = native.body && withoutItems(native.body, questions);
  return {
    request: { ...request, turns: kept, native: { ...native, ...(body && { body }) } },
    turns: left.length,
    tokens: tokensOf(left),
  };
}

/** Members of what only one dialect knows that say what belongs together: a request for approval and its response, a call and its output. */
const LINKS = ['id', 'call_id', 'approval_request_id', 'tool_use_id'] as const;

/** Where the user asks, and no tool has still to answer. */
function exchangesOf(turns: readonly Turn[]): readonly number[] {
  const starts: number[] = [];
  const open = new Set<string>();
  const linked = new Map<string, number>();
  let before: Turn['role'] | null = null;
  for (const [at, { role, parts }] of turns.entries()) {
    if (role === 'user' && before !== 'user' && before !== 'tool' && open.size === 0) {
      starts.push(at);
    }
    for (const part of parts) {
      if (part.kind === 'tool-call') {
        open.add(part.id);
      } else if (part.kind === 'tool-result') {
        open.delete(part.callId);
      } else if (part.kind === 'native') {
        const asked = Math.min(at, ...linksOf(part).map(link => linked.get(link) ?? at));
        linksOf(part).forEach(link => linked.set(link, at));
        while ((starts.at(-1) ?? 0) > asked) {
          starts.pop(); // this belongs to what stands before that question
        }
      }
    }
    before = role === 'system' || role === 'developer' ? before : role;
  }
  return starts;
}

/** The ids that it has, or names. */
function linksOf({ value }: NativePart): readonly string[] {
  const members = value as Readonly<Record<string, unknown>>;
  return LINKS.map(name => members[name]).filter(link => typeof link === 'string');
}

/**
 * Goes through the conversation as it came to be, so that it gives the same in every later call until there is too much again.
 *
 * @returns the number of the first that is kept; the last one always is
 */
function firstKept(sizes: readonly number[], most: number): number {
  let first = 0;
  let size = 0;
  for (const [at, added] of sizes.entries()) {
    size += added;
    if (size > most) {
      while (first < at && size > most / 2) {
        size -= sizes[first++] ?? 0;
      }
    }
  }
  return first;
}

function isInstruction({ role }: Turn): boolean {
  return role === 'system' || role === 'developer';
}

function tokensOf(turns: readonly Turn[]): number {
  return turns.reduce((sum, { parts }) => sum + parts.reduce((all, part) => all + sizeOf(part), 0), 0);
}

function sizeOf(part: Part): number {
  switch (part.kind) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return estimateTokens(part.text.length);
    case 'tool-call':
      return estimateTokens(part.name.length + part.arguments.length);
    case 'tool-result':
      return part.parts.reduce((sum, piece) => sum + sizeOf(piece), 0);
    case 'media':
      return MEDIUM_TOKENS;
    default:
      return estimateTokens(JSON.stringify(part.value).length);
  }
}

import type { Answer, Citation, FinishReason, Part, StreamEvent, Usage } from '@app/dialects';
import type { Route } from '@app/routing';
import { type CacheKeeps, GatewayError } from '@app/shared';
import { readVendorAnswer, readVendorEvents } from '../vendor-answer.js';
import { isSearched } from './searched-answer.js';

/** How an answer ends that may be kept, and what it is then made of. */
interface Keepable {
  readonly finishes: readonly FinishReason[];
  readonly events: readonly StreamEvent['kind'][];
  readonly parts: readonly Part['kind'][];
}

/** A text that came to its own end: that of a picture, or a search, is for one caller. */
export const TEXT: Keepable = {
  finishes: ['stop', 'stop-sequence'],
  events: ['start', 'text', 'reasoning', 'signature', 'citation', 'members', 'finish', 'usage', 'end'],
  parts: ['text', 'reasoning'],
};

/** What a project may let be kept besides. */
const BESIDES: Readonly<Record<Exclude<CacheKeeps, 'errors'>, Keepable>> = {
  tool_calls: {
    finishes: ['tool-calls'],
    events: ['tool-start', 'tool-arguments', 'tool-end'],
    parts: ['tool-call'],
  },
  refusals: { finishes: ['content-filter'], events: ['refusal'], parts: ['refusal'] },
  truncated: { finishes: ['length'], events: [], parts: [] },
};

/**
 * Whether a vendor's answer may be given to others: one that came to its end, whose usage the vendor told. It is read
 * once more for that, when its caller has it: what cannot be read is not kept either.
 */
export function isKeepable(
  route: Route,
  { body, isStream }: { readonly body: Buffer; readonly isStream: boolean },
  besides: readonly CacheKeeps[],
): boolean {
  const wanted = keepable(besides);
  try {
    const isWhole = isStream
      ? isWholeStream(readVendorEvents(route, body), wanted)
      : isWholeAnswer(readVendorAnswer(route, body), wanted);
    return isWhole && !isSearched(body, isStream);
  } catch (error) {
    if (error instanceof GatewayError) {
      return false; // its caller was told
    }
    throw error;
  }
}

function keepable(besides: readonly CacheKeeps[]): Keepable {
  const all = [TEXT, ...besides.filter(one => one !== 'errors').map(one => BESIDES[one])];
  return {
    finishes: all.flatMap(({ finishes }) => finishes),
    events: all.flatMap(({ events }) => events),
    parts: all.flatMap(({ parts }) => parts),
  };
}

function isWholeAnswer({ choices, usage }: Answer, wanted: Keepable): boolean {
  return (
    isMeasured(usage) &&
    choices.length > 0 &&
    choices.every(
      ({ finish: { reason }, parts }) =>
        wanted.finishes.includes(reason) &&
        (!TEXT.finishes.includes(reason) || parts.some(saysSomething)) &&
        parts.every(part => wanted.parts.includes(part.kind) && citesNothing(part)),
    )
  );
}

function isWholeStream(events: readonly StreamEvent[], wanted: Keepable): boolean {
  const finishes = events.flatMap(event => (event.kind === 'finish' ? event.finish.reason : []));
  const usage = events.findLast(event => event.kind === 'usage')?.usage ?? null;
  return (
    isMeasured(usage) &&
    finishes.length > 0 &&
    finishes.every(reason => wanted.finishes.includes(reason)) &&
    events.at(-1)?.kind === 'end' &&
    events.every(({ kind }) => wanted.events.includes(kind)) &&
    events.every(event => event.kind !== 'citation' || isContained(event.citation)) &&
    (!finishes.every(reason => TEXT.finishes.includes(reason)) || events.some(saysSomething))
  );
}

function isMeasured(usage: Usage | null): boolean {
  return usage !== null && usage.estimated !== true && (usage.serverToolRequests ?? 0) === 0;
}

function saysSomething(said: Part | StreamEvent): boolean {
  return (said.kind === 'text' || said.kind === 'refusal') && said.text !== '';
}

/** What the web said is of the day that it was asked. */
function citesNothing(part: Part): boolean {
  return part.kind !== 'text' || (part.citations ?? []).every(isContained);
}

function isContained({ url }: Citation): boolean {
  return url === undefined;
}

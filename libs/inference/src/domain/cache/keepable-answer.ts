import type { Answer, Citation, Finish, Part, StreamEvent, Usage } from '@app/dialects';
import type { Route } from '@app/routing';
import { GatewayError } from '@app/shared';
import { readVendorAnswer, readVendorEvents } from '../vendor-answer.js';

/** What an answer may be made of to be kept: that of a tool, or a picture, is for one caller. */
const EVENTS: ReadonlySet<StreamEvent['kind']> = new Set([
  'start',
  'text',
  'reasoning',
  'signature',
  'citation',
  'members',
  'finish',
  'usage',
  'end',
]);

/**
 * Whether a vendor's answer may be given to others: a text that came to its own end, whose usage the vendor told. It is read
 * once more for that, when its caller has it: what cannot be read is not kept either.
 */
export function isKeepable(route: Route, body: Buffer, stream: boolean): boolean {
  try {
    return stream ? isWholeStream(readVendorEvents(route, body)) : isWholeText(readVendorAnswer(route, body));
  } catch (error) {
    if (error instanceof GatewayError) {
      return false; // its caller was told
    }
    throw error;
  }
}

function isWholeText({ choices, usage }: Answer): boolean {
  return (
    isMeasured(usage) &&
    choices.length > 0 &&
    choices.every(({ finish, parts }) => isPlain(finish) && saysSomething(parts) && parts.every(isText))
  );
}

function isWholeStream(events: readonly StreamEvent[]): boolean {
  const finishes = events.filter(event => event.kind === 'finish');
  const usage = events.findLast(event => event.kind === 'usage')?.usage ?? null;
  return (
    isMeasured(usage) &&
    finishes.length > 0 &&
    finishes.every(({ finish }) => isPlain(finish)) &&
    events.at(-1)?.kind === 'end' &&
    events.every(event => EVENTS.has(event.kind)) &&
    events.every(event => event.kind !== 'citation' || isContained(event.citation)) &&
    events.some(event => event.kind === 'text' && event.text !== '')
  );
}

function isMeasured(usage: Usage | null): boolean {
  return usage !== null && usage.estimated !== true && (usage.serverToolRequests ?? 0) === 0;
}

function isPlain({ reason }: Finish): boolean {
  return reason === 'stop' || reason === 'stop-sequence';
}

function saysSomething(parts: readonly Part[]): boolean {
  return parts.some(part => part.kind === 'text' && part.text !== '');
}

function isText(part: Part): boolean {
  return part.kind === 'reasoning' || (part.kind === 'text' && (part.citations ?? []).every(isContained));
}

/** What the web said is of the day that it was asked. */
function isContained({ url }: Citation): boolean {
  return url === undefined;
}

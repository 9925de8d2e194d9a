import type { Finish, Part, StreamEvent } from '@app/dialects';
import type { CachedAnswer } from '@app/optimization';
import type { Route } from '@app/routing';
import { EVENT_STREAM, readVendorAnswer, readVendorEvents } from '../vendor-answer.js';

/** Besides text: what says nothing to whoever asked. */
const SILENT_EVENTS: ReadonlySet<StreamEvent['kind']> = new Set([
  'start',
  'reasoning',
  'signature',
  'citation',
  'members',
  'usage',
  'end',
]);

/**
 * What an answer says, that was kept; null when it is anything but a text that came to its own end: a call of a tool, say, which answers the
 * very request and no other.
 */
export function plainText(
  route: Route,
  { contentType, body }: Pick<CachedAnswer, 'contentType' | 'body'>,
): string | null {
  return EVENT_STREAM.test(contentType)
    ? textOfEvents(readVendorEvents(route, body))
    : textOfParts(readVendorAnswer(route, body).choices);
}

function textOfEvents(events: readonly StreamEvent[]): string | null {
  let text = '';
  for (const event of events) {
    if (event.kind === 'text') {
      text += event.text;
    } else if (event.kind === 'finish' ? !isOwnEnd(event.finish) : !SILENT_EVENTS.has(event.kind)) {
      return null;
    }
  }
  return text;
}

function textOfParts(
  choices: readonly { readonly finish: Finish; readonly parts: readonly Part[] }[],
): string | null {
  const parts = choices.flatMap(choice => choice.parts);
  const isPlain =
    choices.every(({ finish }) => isOwnEnd(finish)) &&
    parts.every(({ kind }) => kind === 'text' || kind === 'reasoning');
  return isPlain ? parts.map(part => (part.kind === 'text' ? part.text : '')).join('') : null;
}

function isOwnEnd({ reason }: Finish): boolean {
  return reason === 'stop' || reason === 'stop-sequence';
}

import type { Answer, Finish, StreamEvent } from '@app/dialects';
import type { CachedAnswer } from '@app/optimization';
import type { Route } from '@app/routing';
import { EVENT_STREAM, readVendorAnswer, readVendorEvents } from '../vendor-answer.js';
import { TEXT } from './keepable-answer.js';

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
  const isPlain = events.every(
    event => TEXT.events.includes(event.kind) && (event.kind !== 'finish' || isOwnEnd(event.finish)),
  );
  return isPlain ? events.map(event => (event.kind === 'text' ? event.text : '')).join('') : null;
}

function textOfParts(choices: Answer['choices']): string | null {
  const parts = choices.flatMap(choice => choice.parts);
  const isPlain =
    choices.every(({ finish }) => isOwnEnd(finish)) && parts.every(({ kind }) => TEXT.parts.includes(kind));
  return isPlain ? parts.map(part => (part.kind === 'text' ? part.text : '')).join('') : null;
}

function isOwnEnd({ reason }: Finish): boolean {
  return TEXT.finishes.includes(reason);
}

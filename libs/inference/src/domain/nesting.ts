import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  NestedTooDeeplyError,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  stringEnd,
} from '@app/shared';

/** No client nests so deeply; a parser takes seconds and gigabytes for a few megabytes of brackets. */
const MAX_DEPTH = 500;

/**
 * Looks at the brackets of a JSON text before it is parsed.
 *
 * @throws NestedTooDeeplyError (400)
 */
export function assertShallow(json: string): void {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(json, at) - 1;
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth++;
      if (depth > MAX_DEPTH) {
        throw new NestedTooDeeplyError();
      }
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      depth--;
    }
  }
}

import { NestedTooDeeplyError } from '@app/shared';

/** No client nests so deeply; a parser takes seconds and gigabytes for a few megabytes of brackets. */
const MAX_DEPTH = 500;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Looks at the brackets of a JSON text before it is parsed. Strings, which are most of a prompt, are skipped natively.
 *
 * @throws NestedTooDeeplyError (400)
 */
export function assertShallow(json: Buffer): void {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json[at];
    if (code === QUOTE) {
      at = stringEnd(json, at);
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

/** Position of the closing quote; the end of the text when there is none. */
function stringEnd(json: Buffer, from: number): number {
  let at = from;
  for (;;) {
    at = json.indexOf(QUOTE, at + 1);
    if (at < 0) {
      return json.length;
    }
    let slashes = 0;
    while (json[at - 1 - slashes] === BACKSLASH) {
      slashes++;
    }
    if (slashes % 2 === 0) {
      return at;
    }
  }
}

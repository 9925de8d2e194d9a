/** The characters that give a JSON text its structure. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const COMMA = 0x2c;

/** So long a walk costs less than a search. */
const SHORT = 24;

/**
 * Position behind the string that begins at `from`; the end of the text when it never ends. Names are short; long ones are
 * searched natively, for most of a prompt is one string.
 */
export function stringEnd(json: string, from: number): number {
  const short = from + SHORT;
  for (let at = from + 1; at < short; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      return at + 1;
    }
    if (code === BACKSLASH) {
      break;
    }
  }
  return searchedEnd(json, from);
}

function searchedEnd(json: string, from: number): number {
  let at = from;
  for (;;) {
    at = json.indexOf('"', at + 1);
    if (at < 0) {
      return json.length;
    }
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === BACKSLASH) {
      slashes++;
    }
    if (slashes % 2 === 0) {
      return at + 1;
    }
  }
}

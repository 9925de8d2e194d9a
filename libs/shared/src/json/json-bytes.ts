/** The bytes that give a JSON text its structure. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;

/**
 * Position behind the string that begins at `from`; the end of the text when it never ends. Searched natively: most of a
 * prompt is one long string.
 */
export function stringEnd(json: Buffer, from: number): number {
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
      return at + 1;
    }
  }
}

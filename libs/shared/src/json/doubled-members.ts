import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  stringEnd,
} from './json-text.js';

/**
 * Whether some object in a JSON text has two members of one name: one parser takes the first, another the last. One walk
 * over the text, which leaps over strings.
 *
 * @param json a text that `JSON.parse` has accepted
 */
export function hasDoubledMembers(json: string): boolean {
  /** Names in the objects that are open, the innermost last; null is a list. */
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = stringEnd(json, at);
      if (isName && !isNew(json.slice(at, end), open.at(-1))) {
        return true;
      }
      isName = false;
      at = end - 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      isName = code === OPEN_BRACE;
      open.push(isName ? new Set() : null);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      open.pop();
    } else if (code === COMMA) {
      isName = Boolean(open.at(-1));
    }
  }
  return false;
}

function isNew(quoted: string, names: Set<string> | null | undefined): boolean {
  const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  return names ? names.size < names.add(name).size : true;
}

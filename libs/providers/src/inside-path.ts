/** Percent-encoded over and over: nobody means well who needs more. */
const MOST_ROUNDS = 4;
/** What RFC 3986 lets a path hold. */
const PATH = /^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2})*)+$/;
const CONTROL_OR_BACKSLASH = /[\p{Cc}\\]/u;
/** `.` and `..`, also with the parameters that Java's servers cut off. */
const DOTS = /^\s*\.{1,2}\s*(?:;.*)?$/s;

/**
 * Whether no server reads the path as one that leads elsewhere. Looks through several layers of encoding, since nobody
 * knows how often servers on the way decode.
 */
export function staysInside(path: string): boolean {
  const readings = PATH.test(path) && isUtf8(path) ? readingsOf(path) : [];
  return readings.length > 0 && readings.length <= MOST_ROUNDS && !readings.some(leads);
}

/** A path as servers on the way may read it, which decode it never, once, or more often: the last reading is one more than anybody needs. */
export function readingsOf(path: string): readonly string[] {
  const readings: string[] = [];
  let text = path;
  do {
    readings.push(text);
    text = decodeAscii(text);
  } while (text !== readings.at(-1) && readings.length <= MOST_ROUNDS);
  return readings;
}

/** Whether a path might lead elsewhere. One slash may end it. */
function leads(path: string): boolean {
  const segments = path.slice(1).split('/');
  return (
    CONTROL_OR_BACKSLASH.test(path) ||
    segments.some((segment, index) => DOTS.test(segment) || (segment === '' && index < segments.length - 1))
  );
}

/** What is not UTF-8 might be a dot or a slash to a lax decoder. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function decodeAscii(text: string): string {
  return text.replace(/%([0-7][\dA-Fa-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

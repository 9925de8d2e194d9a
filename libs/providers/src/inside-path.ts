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
  let text = path;
  for (let round = 0; PATH.test(path) && isUtf8(path) && round < MOST_ROUNDS; round++) {
    const decoded = decodeAscii(text);
    if (leads(text) || leads(decoded)) {
      return false;
    }
    if (decoded === text) {
      return true;
    }
    text = decoded;
  }
  return false;
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

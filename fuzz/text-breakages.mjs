// What is done to the text and the bytes of a body, and to the headers that tell of them.
import { gzipSync } from 'node:zlib';

const LITERALS = [
  '1e999',
  '-1e999',
  '123456789012345678901234567890',
  '0.1e-400',
  'NaN',
  'Infinity',
  'undefined',
  "'a'",
  '01',
  '+1',
  '.5',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\x41"',
  '"\\u00"',
  '"\t"',
  '"\u0001"',
  '/* a */ 1',
];
const BYTES = [
  [0xff],
  [0xc3],
  [0x80],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0],
  [0xef, 0xbb, 0xbf],
];
const TOKEN = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?|true|false|null/g;

const TEXTS = [
  function cut(random, text) {
    return text.slice(0, random.below(text.length));
  },
  function literal(random, text) {
    const [start, end] = tokenIn(random, text);
    return text.slice(0, start) + random.pick(LITERALS) + text.slice(end);
  },
  function twice(random, text) {
    const opened = placesOf(random, text, '{');
    const [, name] = /"((?:[^"\\]|\\.)*)"\s*:/.exec(text.slice(opened)) ?? [];
    return `${text.slice(0, opened + 1)}"${name ?? 'a'}": ${random.pick(['null', '1', '"a"', '[]', '{}'])},${text.slice(opened + 1)}`;
  },
  function punctuation(random, text) {
    const at = random.below(text.length + 1);
    return (
      text.slice(0, at) + random.pick([',', ':', '"', '{', '}', '[', ']', '\\', '\n', ' ']) + text.slice(at)
    );
  },
  function behind(random, text) {
    return text + random.pick([',', '}', text, '\n\n', 'null', '\u0000']);
  },
  function before(random, text) {
    return random.pick(['\ufeff', ' \n', ")]}'\n", 'data: ', '[', '\u0000']) + text;
  },
  function deep(random, text) {
    const [start, end] = tokenIn(random, text);
    const depth = random.pick([100, 1000, 20_000]);
    const well = random.chance(0.5)
      ? '['.repeat(depth) + ']'.repeat(depth)
      : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    return text.slice(0, start) + well + text.slice(end);
  },
  function nothing(random) {
    return random.pick(['', ' ', 'null', '[]', '{}', '"a"', '7', '<html>', 'a=b']);
  },
];

const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/jsonp',
  'application/xml',
  'json',
  ';',
  'application/json, text/plain',
];
const ENCODINGS = ['gzip', 'deflate', 'br', 'zstd', 'rot13', 'gzip, gzip', 'constructor', ' '];

function tokenIn(random, text) {
  const tokens = [...text.matchAll(TOKEN)];
  const token = random.pick(tokens);
  return token ? [token.index, token.index + token[0].length] : [0, 0];
}

/** Where one of them stands; -1 for nowhere. */
function placesOf(random, text, sign) {
  const places = [...text.matchAll(new RegExp(`\\${sign}`, 'g'))].map(({ index }) => index);
  return random.pick(places) ?? -1;
}

export function breakText(random, text) {
  return random.pick(TEXTS)(random, text);
}

export function breakBytes(random, bytes) {
  const at = random.below(bytes.length + 1);
  const wrong = Buffer.from(random.pick(BYTES));
  const overwrites = random.chance(0.5) ? wrong.length : 0;
  return Buffer.concat([bytes.subarray(0, at), wrong, bytes.subarray(at + overwrites)]);
}

/** Headers that lie about the bytes, and bytes that were packed. */
export function breakHeaders(random, { headers, bytes }) {
  if (random.chance(0.5)) {
    const type = random.pick([...TYPES, undefined]);
    return { headers: { ...headers, 'content-type': type }, bytes };
  }
  const encoding = random.pick(ENCODINGS);
  const packed = random.chance(0.5) ? gzipSync(bytes) : bytes;
  const cut = random.chance(0.3) ? packed.subarray(0, random.below(packed.length)) : packed;
  return { headers: { ...headers, 'content-encoding': encoding }, bytes: cut };
}

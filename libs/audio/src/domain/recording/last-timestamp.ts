/** How much of the end of a file is looked at: a cluster of a browser's recorder has some hundred kilobytes. */
export const TAIL_BYTES = 1024 * 1024;

const OGG_PAGE = Buffer.from('OggS');
const GRANULE_AT = 6;
const PAGE_HEADER_BYTES = 27;

const CLUSTER = Buffer.from([0x1f, 0x43, 0xb6, 0x75]);
const TIMECODE = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
/** Unless the file says otherwise, which no recorder has it do. */
const TICKS_PER_SECOND = 1000;

/**
 * Seconds into an Ogg file where its last page ends; null when none is found.
 *
 * @param tail the last bytes of the file @param rate of its samples a second
 */
export function lastOggSecond(tail: Buffer, rate: number): number | null {
  for (
    let at = tail.lastIndexOf(OGG_PAGE);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(OGG_PAGE, at - 1)
  ) {
    const granule = at + PAGE_HEADER_BYTES <= tail.length ? tail.readBigInt64LE(at + GRANULE_AT) : -1n;
    if (granule > 0n) {
      return Number(granule) / rate; // 0 is that of a header, -1 of a page on which nothing ends
    }
  }
  return null;
}

/**
 * Seconds into a WebM file where its last block begins: what is recorded live, as by browsers, does not say how long it is. Null when
 * there is none. https://www.rfc-editor.org/rfc/rfc9559#section-5.1.3
 *
 * @param tail the last bytes of the file
 */
export function lastWebmSecond(tail: Buffer): number | null {
  const cluster = tail.lastIndexOf(CLUSTER);
  if (cluster < 0) {
    return null;
  }
  let base = 0;
  let last = 0;
  let element = elementAt(tail, cluster);
  for (let at = element?.from ?? tail.length; at < tail.length;) {
    element = elementAt(tail, at);
    if (!element) {
      break;
    }
    const { id, from, size } = element;
    if (id === TIMECODE && size <= 6 && from + size <= tail.length) {
      base = tail.readUIntBE(from, Math.max(1, size));
      last = base;
    } else if (id === SIMPLE_BLOCK || id === BLOCK) {
      last = Math.max(last, base + (blockTicksAt(tail, from) ?? 0));
    }
    at = id === BLOCK_GROUP ? from : from + size; // its block is within
  }
  return last === 0 ? null : last / TICKS_PER_SECOND;
}

interface Element {
  readonly id: number;
  /** Where its content begins, and how many bytes that has. */
  readonly from: number;
  readonly size: number;
}

function elementAt(bytes: Buffer, at: number): Element | null {
  const idLength = lengthAt(bytes, at);
  const sizeAt = at + idLength;
  const sizeLength = lengthAt(bytes, sizeAt);
  if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > bytes.length) {
    return null;
  }
  let size = (bytes[sizeAt] ?? 0) & (0xff >> sizeLength);
  for (let more = 1; more < sizeLength; more++) {
    size = size * 256 + (bytes[sizeAt + more] ?? 0);
  }
  return { id: bytes.readUIntBE(at, idLength), from: sizeAt + sizeLength, size };
}

/** Of a number that tells its own length by the zeros it begins with. */
function lengthAt(bytes: Buffer, at: number): number {
  return Math.clz32(bytes[at] ?? 0) - 23;
}

/** Relative to its cluster; behind the number of its track. */
function blockTicksAt(bytes: Buffer, at: number): number | null {
  const ticksAt = at + lengthAt(bytes, at);
  return ticksAt + 2 <= bytes.length ? bytes.readInt16BE(ticksAt) : null;
}

const LINE_FEED = 10;
const BLANK_LINES = ['\n\n', '\r\n\r\n', '\r\r'];
/** Bytes of the longest blank line, less one. */
const SEAM = 3;

/** Cuts an event stream, whatever its chunking, into runs of whole events. Linear, also for one event of many megabytes. */
export class EventCollector {
  private carried: Buffer[] = [];
  private carriedBytes = 0;

  /** Bytes that wait for their blank line. */
  get size(): number {
    return this.carriedBytes;
  }

  /** Bytes up to the last blank line, null when none has come; the rest waits. */
  push(chunk: Buffer): Buffer | null {
    const end = this.lastBoundary(chunk);
    if (end === 0) {
      this.carried.push(chunk);
      this.carriedBytes += chunk.length;
      return null;
    }
    const head = end === chunk.length ? chunk : chunk.subarray(0, end);
    const whole = this.carried.length === 0 ? head : Buffer.concat([...this.carried, head]);
    this.carried = end === chunk.length ? [] : [chunk.subarray(end)];
    this.carriedBytes = chunk.length - end;
    return whole;
  }

  /** What came after the last blank line. */
  rest(): Buffer {
    return Buffer.concat(this.carried);
  }

  private lastBoundary(chunk: Buffer): number {
    const { length } = chunk;
    if (length > 1 && chunk[length - 1] === LINE_FEED && chunk[length - 2] === LINE_FEED) {
      return length;
    }
    return lastBlankLine(chunk) || this.straddling(chunk);
  }

  /** The blank line itself may be cut in two. */
  private straddling(chunk: Buffer): number {
    const before = this.carried.at(-1);
    if (!before) {
      return 0;
    }
    const tail = before.subarray(-SEAM);
    const end = lastBlankLine(Buffer.concat([tail, chunk.subarray(0, SEAM)]));
    return Math.max(0, end - tail.length);
  }
}

/** Position after the last blank line, 0 when there is none. */
function lastBlankLine(bytes: Buffer): number {
  let end = 0;
  for (const blank of BLANK_LINES) {
    const at = bytes.lastIndexOf(blank, undefined, 'latin1');
    end = Math.max(end, at < 0 ? 0 : at + blank.length);
  }
  return end;
}

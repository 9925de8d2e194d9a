import { crc32 } from 'node:zlib';

const CRC_DIGITS = 8;

/** What was read of a segment. */
export interface Frames {
  readonly values: unknown[];
  /** Lines that are not as they were written, but for one at the end, which a crash may have cut. */
  readonly damaged: number;
}

/** One line: the CRC-32 of a JSON text in hexadecimal digits, and the text, an array of what was written together. */
export function frameOf(values: readonly unknown[]): Buffer {
  const json = JSON.stringify(values);
  return Buffer.from(`${crcOf(json)} ${json}\n`);
}

/** What of these lines is as it was written. */
export function framesIn(bytes: Buffer): Frames {
  const lines = bytes.toString().split('\n');
  lines.pop(); // empty, or cut by a crash
  const values: unknown[] = [];
  let damaged = 0;
  for (const line of lines) {
    const json = line.slice(CRC_DIGITS + 1);
    if (line.startsWith(`${crcOf(json)} `)) {
      values.push(...[JSON.parse(json) as unknown].flat());
    } else {
      damaged += 1;
    }
  }
  return { values, damaged };
}

function crcOf(json: string): string {
  return crc32(json).toString(16).padStart(CRC_DIGITS, '0');
}

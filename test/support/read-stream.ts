import type { StreamEvent, StreamReader } from '@app/dialects';
import { SseParser } from '@app/shared';

/** Canonical events of a vendor's stream that comes cut at these sizes, in bytes. */
export function readStream(reader: StreamReader, bytes: Buffer, sizes: Iterator<number>): StreamEvent[] {
  const parser = new SseParser();
  const out: StreamEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const size: number = sizes.next().value;
    for (const { data, type } of parser.push(bytes.subarray(at, at + size))) {
      reader.read(data, type, out);
    }
    at += size;
  }
  for (const { data, type } of parser.end()) {
    reader.read(data, type, out);
  }
  reader.end(out);
  return out;
}

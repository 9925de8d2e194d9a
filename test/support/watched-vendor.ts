import type { IncomingMessage } from 'node:http';
import { type RawVendor, startRawVendor } from './raw-vendor.js';

/** A raw vendor that keeps what reached it: head and body of each request, as text. */
export interface WatchedVendor extends RawVendor {
  readonly seen: string[];
  /** Forgets what it saw, and answers `{}` again. */
  reset(): void;
}

export async function startWatchedVendor(): Promise<WatchedVendor> {
  const vendor = await startRawVendor();
  const seen: string[] = [];
  const note = (request: IncomingMessage): void => {
    const at = seen.push(`${request.method} ${request.url} ${request.rawHeaders.join('\n')}\n`) - 1;
    request.on('data', (chunk: Buffer) => (seen[at] += chunk.toString('latin1')));
  };
  const reset = (): void => {
    seen.length = 0;
    vendor.onRequest(note);
    vendor.answer(response => response.end('{}'));
  };
  reset();
  return { ...vendor, seen, reset };
}

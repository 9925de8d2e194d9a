import type { VendorFailure } from './dialect.js';

/** When the vendor wants to be asked again, in ms from now: `retry-after-ms`, else `retry-after` in seconds or as a date. */
export function readRetryAfter(headers: VendorFailure['headers']): number | undefined {
  const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (Number.isFinite(ms)) {
    return Math.max(0, ms);
  }
  const header = headers['retry-after'] ?? '';
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) {
    return Math.max(0, seconds * 1000);
  }
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequestError } from '../errors/gateway.error.js';

/** How long one request can wait for its answer, e.g. `24h`: it may then be answered by whoever does it later for less. */
export const DEADLINE_HEADER = 'x-llmhub-deadline';

const DEADLINE = /^([1-9]\d{0,3})(m|h)$/;
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };
const LEAST_MS = 15 * 60_000;
const MOST_MS = 24 * 3_600_000;

/**
 * In ms; null when the answer is wanted now, which is nearly always.
 *
 * @throws InvalidRequestError (400) naming the header when it cannot be read
 */
export function callDeadline(headers: IncomingHttpHeaders): number | null {
  const header = headers[DEADLINE_HEADER];
  if (header === undefined) {
    return null;
  }
  const [, count, unit = ''] = DEADLINE.exec(String(header)) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? NaN);
  if (!(ms >= LEAST_MS && ms <= MOST_MS)) {
    throw new InvalidRequestError(
      `'${DEADLINE_HEADER}' must be a time from 15m to 24h, in whole minutes (m) or hours (h).`,
      DEADLINE_HEADER,
    );
  }
  return ms;
}

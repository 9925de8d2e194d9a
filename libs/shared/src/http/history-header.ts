import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequestError } from '../errors/gateway.error.js';

/** How much of the conversation one request wants to be sent on, e.g. `last=20` or `tokens=8000`. */
export const HISTORY_HEADER = 'x-llmhub-history';

/** The most that is sent on. */
export interface HistoryWindow {
  /** `last`: questions of the user, each with all that followed it; `tokens`: estimated, instructions and tools apart. */
  readonly unit: 'last' | 'tokens';
  readonly most: number;
}

const WINDOW = /^(last|tokens)=([1-9]\d{0,8})$/;

/**
 * Null when all of it is to be sent on, which is nearly always.
 *
 * @throws InvalidRequestError (400) naming the header when it cannot be read
 */
export function historyWindow(headers: IncomingHttpHeaders): HistoryWindow | null {
  const header = headers[HISTORY_HEADER];
  if (header === undefined) {
    return null;
  }
  const [, unit, most] = WINDOW.exec(String(header)) ?? [];
  if (!unit) {
    throw new InvalidRequestError(
      `'${HISTORY_HEADER}' must be last=N (so many questions of the user) or tokens=N, with a whole number from 1 on.`,
      HISTORY_HEADER,
    );
  }
  return { unit: unit as HistoryWindow['unit'], most: Number(most) };
}

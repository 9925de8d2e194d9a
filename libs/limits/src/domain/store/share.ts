import type { Limited } from '../limited.js';

/** Taken nothing: there is not so much left. */
export const REFUSED = -1;

/** What this process takes of one limit that other gateways take of, too. */
export interface Share {
  /**
   * @param limit how much there may be in all
   * @returns where it is counted, for `putBack`, or `REFUSED`; a promise only where the store has to be asked
   * @throws StoreUnavailableError (503)
   */
  take(amount: number, limit: number): number | Promise<number>;
  /** What was taken is not needed. */
  putBack(place: number, amount: number): void;
  /** Four times a second: tells the store what it does not know yet. @throws StoreUnavailableError (503) */
  tell(): Promise<void> | null;
  /** Nothing is to be remembered. */
  readonly isIdle: boolean;
}

/** One of several limits that a call has to keep. */
export interface Part<Of extends Share = Share> {
  readonly share: Of;
  readonly limited: Limited;
  readonly limit: number;
}

/** Where each part is counted, in their order. */
export type Places = readonly number[];

/** Takes so much of each, or of none. @returns places, of which one is `REFUSED` when nothing was taken */
export function takeAll(parts: readonly Part[], amount: number): Places | Promise<Places> {
  const taken = parts.map(({ share, limit }) => share.take(amount, limit));
  return taken.every(place => typeof place === 'number')
    ? orNothing(parts, taken, amount)
    : whenTaken(parts, taken, amount);
}

async function whenTaken(
  parts: readonly Part[],
  taken: readonly (number | Promise<number>)[],
  amount: number,
): Promise<Places> {
  const outcomes = await Promise.allSettled(taken);
  const places = outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : REFUSED));
  const failed = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
  orNothing(parts, places, amount);
  if (failed) {
    throw failed.reason;
  }
  return places;
}

function orNothing(parts: readonly Part[], places: Places, amount: number): Places {
  if (places.includes(REFUSED)) {
    putBackAll(parts, places, amount);
  }
  return places;
}

/** What was taken goes back when that throws. */
export function orPutBack<Let>(
  parts: readonly Part[],
  places: Places,
  amount: number,
  letIn: () => Let,
): Let {
  try {
    return letIn();
  } catch (error) {
    putBackAll(parts, places, amount);
    throw error;
  }
}

/** What of it was taken is not needed. */
export function putBackAll(parts: readonly Part[], places: Places, amount: number): void {
  for (const [at, { share }] of parts.entries()) {
    const place = places[at] ?? REFUSED;
    if (place !== REFUSED) {
      share.putBack(place, amount);
    }
  }
}

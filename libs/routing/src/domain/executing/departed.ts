import type { AttemptRecord } from '../planned-call.js';
import type { Sent } from './errand.js';
import { failureOf } from './failed-attempts.js';
import type { Destination, Flight } from './flight.js';

/** A flight under way, and its record. */
export interface Departed<Begun extends Sent> {
  readonly flight: Flight<Begun>;
  readonly record: AttemptRecord;
}

/** One that has its first token. */
export interface Taken<Begun extends Sent> extends Departed<Begun> {
  readonly begun: Begun;
}

/** Of an attempt that begins now. @param calledAt when the call did, in monotonic ms */
export function newRecord({ route, key }: Destination, calledAt: number): AttemptRecord {
  return {
    target: route.id,
    key: key?.secret === null ? null : (key?.id ?? null),
    startedMs: Math.round(performance.now() - calledAt),
    ms: null,
    status: null,
    error: null,
  };
}

/** Resolves when the vendor begins to answer. @throws as `Flight.begin` */
export async function begun<Begun extends Sent>(departed: Departed<Begun>): Promise<Taken<Begun>> {
  const { flight, record } = departed;
  const answer = await flight.begin();
  record.ms = Math.round(flight.ttftMs);
  record.status = answer.response.status;
  return { ...departed, begun: answer };
}

/** Puts on record why it failed. */
export function noteFailure<Begun extends Sent>({ flight, record }: Departed<Begun>, error: unknown): void {
  const { status, code } = failureOf(error);
  record.ms = Math.round(performance.now() - flight.startedAt);
  record.status = status ?? record.status;
  record.error = code;
}

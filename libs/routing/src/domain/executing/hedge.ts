import { setTimeout as pause } from 'node:timers/promises';
import type { Sent } from './errand.js';
import { begun, type Departed, type Taken } from './departed.js';
import type { Destination } from './flight.js';

/** Fewer samples say nothing of the slowest of twenty. */
const ENOUGH = 20;
const SLOW = 0.95;

/** A call that may send a second flight after a slow one. */
interface Hedging<Begun extends Sent> {
  /** Where to; null when there is nobody else, or the budgets do not allow it. */
  second(): Promise<Destination | null>;
  depart(to: Destination, hedge: boolean): Departed<Begun>;
  /** One of the two failed, and the call does not. */
  failedBeside(departed: Departed<Begun>, error: unknown): Promise<void>;
  /** One of the two began to answer, and this is the other. */
  outrun(departed: Departed<Begun>): void;
}

/**
 * Waits for the first token; when that takes longer than in 95 of 100 calls, another target is asked at the same time and the
 * faster of the two is taken. The other is hung up on.
 *
 * @throws what the first flight threw, when no other has begun
 */
export async function hedged<Begun extends Sent>(
  journey: Hedging<Begun>,
  first: Departed<Begun>,
): Promise<Taken<Begun>> {
  const one = begun(first);
  const slowMs = first.flight.slowMs(SLOW, ENOUGH);
  if (slowMs === null || !(await isLater(one, slowMs))) {
    return one;
  }
  const to = await journey.second();
  if (!to) {
    return one;
  }
  const second = journey.depart(to, true);
  return faster(journey, [first, one], [second, begun(second)]);
}

type Race<Begun extends Sent> = readonly [departed: Departed<Begun>, taken: Promise<Taken<Begun>>];

async function faster<Begun extends Sent>(
  journey: Hedging<Begun>,
  first: Race<Begun>,
  second: Race<Begun>,
): Promise<Taken<Begun>> {
  const failed = new Set<Departed<Begun>>();
  for (const [departed, taken] of [first, second]) {
    taken.catch(() => failed.add(departed));
  }
  const close = ([departed, taken]: Race<Begun>): Promise<unknown> =>
    taken.catch((error: unknown) => journey.failedBeside(departed, error));
  const taken = await Promise.any([first[1], second[1]]).catch(() => null);
  if (!taken) {
    await close(second);
    return first[1];
  }
  const loser = taken.flight === first[0].flight ? second : first;
  if (failed.has(loser[0])) {
    await close(loser);
  } else {
    journey.outrun(loser[0]);
  }
  return taken;
}

async function isLater(taken: Promise<unknown>, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const late = pause(ms, true, { signal: stop.signal }).catch(() => false);
  const isLate = await Promise.race([late, taken.then(notLate, notLate)]);
  stop.abort();
  return isLate;
}

const notLate = (): boolean => false;

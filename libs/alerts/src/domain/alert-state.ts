import { randomUUIDv7 } from 'node:crypto';
import type { Alert } from './alert.entity.js';

/** What is measured of one subject. */
export interface Reading {
  /** A vendor, a budget's account, …: unique below its alert. */
  readonly subject: string;
  /** As people read it. */
  readonly about: string;
  /** As thresholds are; of `error-rate` calls that failed, of so many in `of`. */
  readonly value: number;
  readonly of?: number;
  /** There may have been more calls, which nobody counted: of too few it says nothing. */
  readonly isPartial?: boolean;
}

/** What one gateway has seen. Unix ms. */
interface Sighting {
  readonly at: number;
  readonly readings: readonly Reading[];
}

export interface Firing {
  readonly subject: string;
  readonly about: string;
  readonly threshold: number;
  /** When it was reached; Unix ms. */
  readonly since: number;
}

/** What is to be told. */
export interface Delivery extends Omit<Firing, 'since'> {
  /** The same in each attempt: receivers know by it what they have. */
  readonly id: string;
  readonly type: 'firing' | 'resolved' | 'test';
  readonly value: number;
  /** Unix ms, as the next. */
  readonly at: number;
  /** Not to be tried before. A gateway that tries it puts this off, so that no other does. */
  readonly nextAt: number;
  readonly attempts: number;
  /** Why the last one failed; absent: none has. */
  readonly failure?: string;
}

/**
 * What became of an alert. Immutable; replaced whole, version by version, so that of all gateways one tells each crossing, and a
 * crossing that is noted is one that will be told.
 */
export interface AlertState {
  /** The alert's. */
  readonly id: string;
  /** 0: not in the store yet. */
  readonly version: number;
  readonly firing: readonly Firing[];
  /** By process: of what every gateway sees for itself. */
  readonly sightings: Readonly<Record<string, Sighting>>;
  /** Oldest first: they are told in this order. */
  readonly due: readonly Delivery[];
}

/** Of a gateway that has seen nothing since it counts no more. */
const SIGHTING_MS = 45_000;
/** What else is reached is told when there is room. */
const MOST_DUE = 200;

export function newState(id: string): AlertState {
  return { id, version: 0, firing: [], sightings: {}, due: [] };
}

/** A gateway has seen this, and nothing else. The same state when that is nothing, as before. */
export function withSighting(state: AlertState, process: string, sighting: Sighting): AlertState {
  const before = Object.entries(state.sightings);
  const others = before.filter(([of, { at }]) => of !== process && sighting.at - at < SIGHTING_MS);
  if (sighting.readings.length === 0) {
    return others.length === before.length ? state : { ...state, sightings: Object.fromEntries(others) };
  }
  return { ...state, sightings: { ...Object.fromEntries(others), [process]: sighting } };
}

/** What a gateway told by itself while the store was down is known there, too. */
export function withTold(state: AlertState, { firing, due }: AlertState): AlertState {
  const isKnown = ({ subject, threshold }: Firing): boolean =>
    state.firing.some(one => one.subject === subject && one.threshold === threshold);
  return {
    ...state,
    firing: [...state.firing, ...firing.filter(one => !isKnown(one))],
    due: [...state.due, ...due],
  };
}

/** What all gateways have seen together, one reading for each subject. */
export function seenTogether({ sightings }: AlertState): readonly Reading[] {
  const together = new Map<string, Reading>();
  for (const reading of Object.values(sightings).flatMap(({ readings }) => readings)) {
    const other = together.get(reading.subject);
    together.set(reading.subject, other ? joined(other, reading) : reading);
  }
  return [...together.values()];
}

function joined(one: Reading, other: Reading): Reading {
  if (one.of === undefined || other.of === undefined) {
    return one.value >= other.value ? one : other;
  }
  const isPartial = one.isPartial === true || other.isPartial === true;
  return { ...one, value: one.value + other.value, of: one.of + other.of, ...(isPartial && { isPartial }) };
}

/** Notes what thresholds were crossed. What is not read is 0. The same state when nothing is new. @param readAt Unix ms */
export function judged(
  alert: Alert,
  state: AlertState,
  readings: readonly Reading[],
  readAt: number,
): AlertState {
  const values = new Map(readings.map(reading => [reading.subject, valueOf(alert, reading)]));
  const resolved = state.firing.filter(({ subject, threshold, since }) => {
    const value = values.has(subject) ? (values.get(subject) ?? null) : 0;
    const isOver = value !== null && (value < threshold || !alert.thresholds.includes(threshold));
    return isOver && since < readAt; // what was read before it fired says nothing
  });
  const firing = state.firing.filter(one => !resolved.includes(one));
  const room = MOST_DUE - state.due.length - resolved.length;
  const fired = readings
    .flatMap(reading => newlyFiring(alert, firing, { ...reading, value: values.get(reading.subject) ?? 0 }))
    .slice(0, Math.max(0, room));
  if (resolved.length === 0 && fired.length === 0) {
    return state;
  }
  return {
    ...state,
    firing: [...firing, ...fired.map(({ value: _value, ...one }) => ({ ...one, since: readAt }))],
    due: [
      ...state.due,
      ...resolved.map(({ since: _since, ...one }) =>
        aDelivery('resolved', { ...one, value: values.get(one.subject) ?? 0 }, readAt),
      ),
      ...fired.map(one => aDelivery('firing', one, readAt)),
    ],
  };
}

/** As thresholds are; null when too little is known. */
function valueOf({ minCalls }: Alert, { value, of, isPartial = false }: Reading): number | null {
  if (of === undefined) {
    return value;
  }
  if (of < minCalls && (value > 0 || isPartial)) {
    return null;
  }
  return value === 0 ? 0 : (100 * value) / of;
}

type Crossing = Pick<Delivery, 'subject' | 'about' | 'threshold' | 'value'>;

function newlyFiring(
  { thresholds }: Alert,
  firing: readonly Firing[],
  { subject, about, value }: Reading,
): Crossing[] {
  return thresholds
    .toSorted((a, b) => a - b)
    .filter(
      threshold =>
        value >= threshold && !firing.some(one => one.subject === subject && one.threshold === threshold),
    )
    .map(threshold => ({ subject, about, threshold, value }));
}

export function aDelivery(type: Delivery['type'], crossing: Crossing, now: number): Delivery {
  return { id: `msg_${randomUUIDv7()}`, type, ...crossing, at: now, nextAt: now, attempts: 0 };
}

/** Between attempts: a receiver may be away for half a day. */
const BACKOFF_MS = [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 14_400].map(s => s * 1000);

/** A gateway that tries a delivery has it for so long. */
const CLAIM_MS = 60_000;

/** The first delivery is about to be tried. Null when it is not time, or there is none. */
export function claimed(state: AlertState, now: number): AlertState | null {
  const [first, ...others] = state.due;
  return first && first.nextAt <= now
    ? { ...state, due: [{ ...first, nextAt: now + CLAIM_MS }, ...others] }
    : null;
}

/** A delivery was tried. Null when it is not there any more. @param failure null: it has arrived */
export function tried(
  state: AlertState,
  id: string,
  { failure, now }: { readonly failure: string | null; readonly now: number },
): AlertState | null {
  const delivery = state.due.find(one => one.id === id);
  if (!delivery) {
    return null;
  }
  const again = failure === null ? [] : putOff(delivery, failure, now);
  return { ...state, due: state.due.flatMap(one => (one.id === id ? again : [one])) };
}

/** None when it is given up. */
function putOff(delivery: Delivery, failure: string, now: number): Delivery[] {
  const { attempts } = delivery;
  const pause = BACKOFF_MS[attempts];
  return pause === undefined ? [] : [{ ...delivery, attempts: attempts + 1, failure, nextAt: now + pause }];
}

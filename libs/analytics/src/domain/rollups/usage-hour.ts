import { createHash } from 'node:crypto';
import type { UsageRecord } from '../usage-record.entity.js';
import { type CallTimes, TimeSketches } from './call-times.js';

export const HOUR_MS = 3_600_000;
export const HOURS_OF_DAY = 24;
const MONTHS_OF_YEAR = 12;
const FIRST_YEAR = 1970;
const ID_LENGTH = 22;

/** What a rollup counts. Tokens as in the records; of these fields a sum stays far below 2⁵³. */
export const COUNTS = [
  'calls',
  'failedCalls',
  'unsettledCalls',
  'unpricedCalls',
  'estimatedCalls',
  'inputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'audioMs',
] as const;
/** Nano-USD: what the records say, what corrections made of it since, and what the cache and prompt passes saved. */
export const AMOUNTS = ['costNanoUsd', 'correctedNanoUsd', 'savedNanoUsd'] as const;

export type UsageSums = Readonly<
  Record<(typeof COUNTS)[number], number> & Record<(typeof AMOUNTS)[number], bigint>
>;

export type MutableSums = { -readonly [Name in keyof UsageSums]: UsageSums[Name] };

/** Whose calls one rollup adds up. */
export type HourOf = Pick<UsageRecord, 'projectId' | 'keyId' | 'endpoint' | 'provider'> & {
  /** Hours since 1970, UTC. */
  readonly hour: number;
  /** The model that was used. */
  readonly model: string | null;
} & RollupLabel;

/** Where calls are added up by end user or tag, one of either; else none. */
export type RollupLabel = {
  readonly endUser?: string | null;
  readonly tag?: string | null;
};

/** The calls of one hour that have all in common that a rollup tells apart. */
export interface UsageHour extends HourOf, UsageSums {
  /** Made of what the calls have in common: fields may be null, which a unique key of several columns would not compare. */
  readonly id: string;
  readonly times: CallTimes;
}

/** What goes into one rollup. */
export interface HourPart {
  readonly of: HourOf;
  readonly sums: UsageSums;
  /** Fills in the distributions; absent where there is nothing to time. */
  readonly addTimes?: (times: TimeSketches) => void;
}

export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS);
}

/** Days since 1970, UTC. */
export function dayOf(hour: number): number {
  return Math.floor(hour / HOURS_OF_DAY);
}

/** Months since January 1970, UTC. */
export function monthOf(hour: number): number {
  const date = new Date(hour * HOUR_MS);
  return (date.getUTCFullYear() - FIRST_YEAR) * MONTHS_OF_YEAR + date.getUTCMonth();
}

/** In Unix ms. @param month as of `monthOf` */
export function monthStart(month: number): number {
  return Date.UTC(FIRST_YEAR, month);
}

/** What these records add to the rollups, sorted by id: whoever locks rows in one order meets no deadlock. */
export function usageHours(records: readonly UsageRecord[]): UsageHour[] {
  return added(records.map(partOf));
}

/** What they add to the rollups by end user and by tag: a record counts in each of its labels. */
export function labelHours(records: readonly UsageRecord[]): UsageHour[] {
  return added(records.filter(isLabelled).flatMap(record => labelled(partOf(record), record)));
}

/** What corrections add to the rollups of their records, likewise. */
export function correctedHours(corrections: readonly Corrected[]): UsageHour[] {
  return added(corrections.map(correctedPart));
}

export function correctedLabelHours(corrections: readonly Corrected[]): UsageHour[] {
  return added(
    corrections
      .filter(({ record }) => isLabelled(record))
      .flatMap(corrected => labelled(correctedPart(corrected), corrected.record)),
  );
}

interface Corrected {
  readonly record: RecordOfHour;
  readonly differenceNanoUsd: number;
}

type RecordOfHour = Pick<
  UsageRecord,
  'projectId' | 'keyId' | 'endpoint' | 'provider' | 'modelUsed' | 'receivedAt'
> &
  Partial<Labels>; // a spool of an earlier release has none

type Labels = Pick<UsageRecord, 'endUser' | 'tags'>;

function isLabelled({ endUser, tags }: Partial<Labels>): boolean {
  return Boolean(endUser) || (tags?.length ?? 0) > 0;
}

function labelled(part: HourPart, { endUser, tags = [] }: Partial<Labels>): HourPart[] {
  const labels: RollupLabel[] = [...(endUser ? [{ endUser }] : []), ...tags.map(tag => ({ tag }))];
  return labels.map(label => ({ ...part, of: { ...part.of, ...label } }));
}

function partOf(record: UsageRecord): HourPart {
  return {
    of: hourOfRecord(record),
    sums: sumsOf(record),
    addTimes: times => times.addRecord(record),
  };
}

function correctedPart({ record, differenceNanoUsd }: Corrected): HourPart {
  return {
    of: hourOfRecord(record),
    sums: { ...NOTHING, correctedNanoUsd: BigInt(differenceNanoUsd) },
  };
}

export function hourOfRecord(record: RecordOfHour): HourOf {
  const { projectId, keyId, endpoint, provider, modelUsed, receivedAt } = record;
  return { hour: hourOf(receivedAt), projectId, keyId, endpoint, provider, model: modelUsed };
}

/** One rollup of all that belongs into the same one, sorted by id. */
export function added(parts: readonly HourPart[]): UsageHour[] {
  const hours = new Map<string, { of: HourOf; sums: MutableSums; times: TimeSketches }>();
  for (const { of, sums, addTimes } of parts) {
    const name = nameOf(of);
    let found = hours.get(name);
    if (found) {
      add(found.sums, sums);
    } else {
      found = { of, sums: sumsOnly(sums), times: new TimeSketches() };
      hours.set(name, found);
    }
    addTimes?.(found.times);
  }
  return [...hours]
    .map(([name, { of, sums, times }]) => ({ id: idOf(name), ...of, ...sums, times: times.toJSON() }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export const NOTHING: UsageSums = {
  calls: 0,
  failedCalls: 0,
  unsettledCalls: 0,
  unpricedCalls: 0,
  estimatedCalls: 0,
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  audioMs: 0,
  costNanoUsd: 0n,
  correctedNanoUsd: 0n,
  savedNanoUsd: 0n,
};

/** What the calls cost by now, in nano-USD. */
export function spentOn({
  costNanoUsd,
  correctedNanoUsd,
}: Pick<UsageSums, 'costNanoUsd' | 'correctedNanoUsd'>): bigint {
  return costNanoUsd + correctedNanoUsd;
}

export function sameSums(a: UsageSums, b: UsageSums): boolean {
  return [...COUNTS, ...AMOUNTS].every(name => a[name] === b[name]);
}

/** The sums alone. */
export function sumsOnly(hour: UsageSums): MutableSums {
  return Object.fromEntries(
    [...COUNTS, ...AMOUNTS].map(name => [name, hour[name]]),
  ) as unknown as MutableSums;
}

function sumsOf(record: UsageRecord): UsageSums {
  const { outcome, costNanoUsd } = record;
  return {
    calls: 1,
    failedCalls: outcome === 'failed' || outcome === 'cut' ? 1 : 0,
    unsettledCalls: outcome === 'unsettled' ? 1 : 0,
    unpricedCalls: costNanoUsd === null ? 1 : 0,
    estimatedCalls: record.estimated ? 1 : 0,
    inputTokens: record.inputTokens,
    cacheReadTokens: record.cacheReadTokens,
    cacheWriteTokens: record.cacheWriteTokens,
    outputTokens: record.outputTokens,
    reasoningTokens: record.reasoningTokens,
    audioMs: record.audioMs ?? 0,
    costNanoUsd: BigInt(costNanoUsd ?? 0),
    correctedNanoUsd: 0n,
    savedNanoUsd: BigInt(record.savedNanoUsd ?? 0), // a spool of an earlier release has none
  };
}

/** What is left of sums when these are taken from them. */
export function less(sums: UsageSums, these: UsageSums): UsageSums {
  const rest = sumsOnly(sums);
  COUNTS.forEach(name => (rest[name] -= these[name]));
  AMOUNTS.forEach(name => (rest[name] -= these[name]));
  return rest;
}

/** In place: a batch of 200 is added up while calls wait. */
export function add(to: MutableSums, more: UsageSums): void {
  for (const name of COUNTS) {
    to[name] += more[name];
  }
  for (const name of AMOUNTS) {
    to[name] += more[name];
  }
}

function nameOf({ hour, projectId, keyId, endpoint, provider, model, endUser, tag }: HourOf): string {
  const of = [hour, projectId, keyId, endpoint, provider, model];
  return JSON.stringify(endUser == null && tag == null ? of : [...of, endUser ?? null, tag ?? null]);
}

function idOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, ID_LENGTH);
}

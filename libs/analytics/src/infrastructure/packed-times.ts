import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PackedTimes } from '../domain/rollups/call-times.js';
import type { TimesBuckets } from './rollup-buckets.js';

/** Distributions that are put together in one turn: what calls wait for meanwhile. */
const SLICE_ROWS = 500;

type TimedRow = Readonly<Record<string, unknown>>;

/** @param rows with `times` as JSON */
export async function addPacked(buckets: TimesBuckets, rows: readonly TimedRow[]): Promise<void> {
  for (const [at, row] of rows.entries()) {
    buckets.of(row).mergePacked(packedIn(row['times']));
    if (at % SLICE_ROWS === SLICE_ROWS - 1) {
      await nextTurn();
    }
  }
}

export function packedIn(json: unknown): PackedTimes {
  return JSON.parse(String(json)) as PackedTimes;
}

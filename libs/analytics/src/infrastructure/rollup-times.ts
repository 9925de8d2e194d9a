import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sql } from '@app/shared';
import type { PackedTimes, Time, TimeSketches } from '../domain/rollups/call-times.js';

/** Packed distributions that are put together in one turn: what calls wait for meanwhile. */
const SLICE = 500;
/** Rollups whose rows are read in one turn. */
const LOOSE_SLICE = 100;

/** A bucket of a distribution that belongs to a rollup. */
export interface HourTimeRow {
  readonly rollupId: string;
  readonly time: Time;
  /** As of `Sketch`. */
  readonly bucket: number;
  readonly calls: number;
}

type Rollup = Readonly<Record<string, unknown>>;

/**
 * Adds up the distributions of rollups, of those that are packed and of those that are rows yet.
 *
 * @param rollups with `times`, which is JSON of `PackedTimes`; of others the `id`, by which their rows are found
 * @param sketchesOf where those of a rollup are added
 */
export async function addTimes(
  sql: Sql,
  rollups: readonly Rollup[],
  sketchesOf: (rollup: Rollup) => TimeSketches,
): Promise<void> {
  const loose = new Map<string, Rollup>();
  for (const [at, rollup] of rollups.entries()) {
    const { id, times } = rollup;
    if (times == null) {
      loose.set(String(id), rollup);
    } else {
      sketchesOf(rollup).mergePacked(packedIn(times));
    }
    if (at % SLICE === SLICE - 1) {
      await nextTurn();
    }
  }
  const ids = [...loose.keys()];
  for (let at = 0; at < ids.length; at += LOOSE_SLICE) {
    if (at > 0) {
      await nextTurn(); // the embedded store answers synchronously
    }
    const slice = ids.slice(at, at + LOOSE_SLICE);
    const unseen = new Set(slice);
    for (const { rollupId, time, bucket, calls } of await looseOf(sql, slice)) {
      unseen.delete(rollupId);
      sketchesOf(loose.get(rollupId) ?? {}).addBucket(time, Number(bucket), Number(calls));
    }
    for (const { id, times } of await packedOf(sql, [...unseen])) {
      sketchesOf(loose.get(String(id)) ?? {}).mergePacked(packedIn(times));
    }
  }
}

export function packedIn(json: unknown): PackedTimes {
  return JSON.parse(String(json)) as PackedTimes;
}

async function looseOf(sql: Sql, ids: readonly string[]): Promise<HourTimeRow[]> {
  const rows = await sql.selectFrom('usage_hour_times').selectAll().where('rollupId', 'in', ids).execute();
  return rows as HourTimeRow[];
}

/** Of these rollups those that are packed, also since somebody looked: no row of theirs is there any more. */
export async function packedOf(sql: Sql, ids: readonly string[]): Promise<Rollup[]> {
  return ids.length === 0
    ? []
    : sql
        .selectFrom('usage_hours')
        .select(['id', 'times'])
        .where('id', 'in', ids)
        .where('times', 'is not', null)
        .execute();
}

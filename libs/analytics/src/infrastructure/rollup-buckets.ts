import { TimeSketches } from '../domain/rollups/call-times.js';
import type { BucketOf, Grouping, TimesBucket } from '../domain/rollups/rollup.repository.js';

type Stored = Readonly<Record<string, unknown>>;

/** What rollups are told apart by: names of columns, or of fields. */
export function groupOf({ interval, by }: Grouping): string[] {
  return interval === 'total' ? [...by] : [interval, ...by];
}

/** Where a rollup, or what was grouped of several, belongs. */
export function bucketOf(stored: Stored, { interval, by }: Grouping): BucketOf {
  return {
    start: interval === 'total' ? 0 : Number(stored[interval]),
    ...Object.fromEntries(by.map(name => [name, stored[name] ?? null])),
  };
}

/** Distributions that are put together here, from what the store gives piece by piece. */
export class TimesBuckets {
  private readonly found = new Map<string, { readonly of: BucketOf; readonly times: TimeSketches }>();
  private readonly names: readonly string[];

  constructor(private readonly grouping: Grouping) {
    this.names = groupOf(grouping);
  }

  /** Those to which the piece is to be added. */
  of(stored: Stored): TimeSketches {
    let name = '';
    for (const column of this.names) {
      const value = stored[column] as string | number | null;
      name += value === null ? '\n' : `\n=${value}`;
    }
    let known = this.found.get(name);
    if (!known) {
      known = { of: bucketOf(stored, this.grouping), times: new TimeSketches() };
      this.found.set(name, known);
    }
    return known.times;
  }

  get all(): TimesBucket[] {
    return [...this.found.values()].map(({ of, times }) => ({ ...of, times: times.toJSON() }));
  }
}

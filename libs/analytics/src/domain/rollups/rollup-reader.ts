import { Injectable } from '@nestjs/common';
import { TimeSketches } from './call-times.js';
import {
  type BucketOf,
  type Grouping,
  type RollupFilter,
  RollupRepository,
  type TimesBucket,
  type UsageBucket,
} from './rollup.repository.js';
import { LabelRollupRepository } from './label-rollup.repository.js';
import { type Span, spansOf, wholeDays } from './spans.js';
import { UsageDayRepository } from './usage-day.repository.js';
import { add, type MutableSums } from './usage-hour.js';

/** What calls add up to: of days that are over by days, of all other time, and by label, by hours. */
@Injectable()
export class RollupReader {
  constructor(
    private readonly hours: RollupRepository,
    private readonly days: UsageDayRepository,
    private readonly labels: LabelRollupRepository,
  ) {}

  /** In no order; at least `limit` when there are as many. */
  async sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    const parts = await this.parts(filter, grouping, (store, part) => store.sums(part, grouping, limit));
    const [only = [], ...more] = parts;
    if (more.length === 0) {
      return only;
    }
    const found = new Map<string, BucketOf & MutableSums>();
    for (const bucket of parts.flat()) {
      const name = nameOf(bucket, grouping);
      const known = found.get(name);
      if (known) {
        add(known, bucket);
      } else {
        found.set(name, { ...bucket });
      }
    }
    return [...found.values()];
  }

  /** The distributions of calls that were timed, in no order. */
  async times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    const parts = await this.parts(filter, grouping, (store, part) => store.times(part, grouping));
    const [only = [], ...more] = parts;
    if (more.length === 0) {
      return only;
    }
    const found = new Map<string, { readonly of: BucketOf; readonly sketches: TimeSketches }>();
    for (const { times, ...of } of parts.flat()) {
      const name = nameOf(of, grouping);
      const known = found.get(name) ?? { of, sketches: new TimeSketches() };
      known.sketches.merge(times);
      found.set(name, known);
    }
    return [...found.values()].map(({ of, sketches }) => ({ ...of, times: sketches.toJSON() }));
  }

  private async parts<Part>(
    filter: RollupFilter,
    grouping: Grouping,
    ask: (store: Pick<RollupRepository, 'sums' | 'times'>, part: RollupFilter) => Promise<Part>,
  ): Promise<Part[]> {
    if (filter.label !== undefined) {
      return [await ask(this.labels, filter)];
    }
    const spans = await this.spans(filter, grouping);
    return Promise.all(
      spans.map(({ of, from, to }) => ask(of === 'days' ? this.days : this.hours, { ...filter, from, to })),
    );
  }

  private async spans({ from, to }: RollupFilter, { interval }: Grouping): Promise<Span[]> {
    const days = wholeDays({ from, to });
    if (interval === 'hour' || days.from >= days.to) {
      return [{ of: 'hours', from, to }];
    }
    const states = await this.days.states(days);
    const folded = states.filter(({ staleSince }) => staleSince === null).map(({ day }) => day);
    return spansOf({ from, to }, new Set(folded));
  }
}

function nameOf(bucket: BucketOf, { by }: Grouping): string {
  return JSON.stringify([bucket.start, ...by.map(name => bucket[name] ?? null)]);
}

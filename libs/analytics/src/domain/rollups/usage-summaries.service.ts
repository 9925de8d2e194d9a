import { Injectable } from '@nestjs/common';
import { Clock, InvalidRequestError } from '@app/shared';
import { byTime, type Time } from './call-times.js';
import { type Distribution, distributionOf } from './distribution.entity.js';
import {
  type BucketOf,
  type Dimension,
  DIMENSIONS,
  type Grouping,
  type Interval,
  type Label,
  LABELS,
  type RANKS,
  type RollupFilter,
  type UsageBucket,
} from './rollup.repository.js';
import { RollupReader } from './rollup-reader.js';
import {
  add,
  HOUR_MS,
  hourOf,
  less,
  monthStart,
  NOTHING,
  sameSums,
  spentOn,
  sumsOnly,
  type UsageSums,
} from './usage-hour.js';

const DAY_MS = 24 * HOUR_MS;
const DEFAULT_MS = 30 * DAY_MS;
/** Of one answer: some 5 MB. */
const MOST_BUCKETS = 10_000;
/** Of one answer about latency, of which each entry is put together of some hundred numbers. */
const MOST_DISTRIBUTIONS = 2000;

export interface SummaryOrder {
  readonly projectId?: string;
  readonly keyId?: string;
  /** Of one end user, or of one tag. */
  readonly endUser?: string;
  readonly tag?: string;
  /** Unix ms; 30 days before `to` when it is absent. */
  readonly from?: number;
  /** Unix ms, exclusive; now when it is absent. */
  readonly to?: number;
  readonly interval: Interval;
  readonly by: readonly Dimension[];
  /** Tells so many of the groups, and the rest as one; all of them when it is absent. */
  readonly top?: Top;
}

/** The groups that have most of it, in all of the time. */
export interface Top {
  readonly groups: number;
  readonly of: (typeof RANKS)[number];
}

/** Times in Unix ms. */
export interface Summary<Bucket extends BucketOf = UsageBucket> {
  /** As the rollups know it: a whole hour. */
  readonly from: number;
  /** Likewise, exclusive. */
  readonly to: number;
  /** By time, then by what they are told apart by. The `start` of each is a time; of a total `from`. */
  readonly buckets: readonly Bucket[];
}

/** How long the calls of a bucket took; null where none was timed. */
export type LatencyBucket = BucketOf & Readonly<Record<Time, Distribution | null>>;

interface Question {
  readonly filter: RollupFilter;
  readonly grouping: Grouping;
}

/** What calls add up to. From the rollups: a call is in them a moment after it ended. */
@Injectable()
export class UsageSummaries {
  constructor(
    private readonly rollups: RollupReader,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidRequestError (400) when there is no time between `from` and `to`, too much to tell of it, or end users and tags at once */
  async of(order: SummaryOrder): Promise<Summary> {
    const question = this.questionOf(order);
    const { top } = order;
    const found = await (top ? this.largest(question, top) : this.sums(question, MOST_BUCKETS));
    return summaryOf(question, found);
  }

  /** @throws InvalidRequestError (400) likewise */
  async latencies(order: SummaryOrder): Promise<Summary<LatencyBucket>> {
    const question = this.questionOf(order);
    const { from, to } = question.filter;
    if (question.grouping.by.length > 0 || to - from > MOST_DISTRIBUTIONS) {
      await this.sums(question, MOST_DISTRIBUTIONS); // is cheap, and tells whether there is too much
    }
    const found = await this.rollups.times(question.filter, question.grouping);
    return summaryOf(
      question,
      found.map(({ times, ...of }) => ({ ...of, ...byTime(time => distributionOf(times[time])) })),
    );
  }

  /** The rest is what all have, less what these have: it is asked for behind them, so that it is never below nothing. */
  private async largest({ filter, grouping }: Question, top: Top): Promise<UsageBucket[]> {
    if (grouping.by.length === 0) {
      throw new InvalidRequestError('`top` needs `groupBy`: say what is told apart.', 'top');
    }
    const totals = { interval: 'total', by: grouping.by } as const;
    const groups = await (filter.label === undefined
      ? this.sums({ filter, grouping: totals }, MOST_BUCKETS)
      : this.rollups.sums(filter, { ...totals, largestBy: top.of }, top.groups));
    const first = groups
      .toSorted((a, b) => rank(b, top) - rank(a, top) || inOrder(a, b))
      .slice(0, top.groups);
    if (first.length === 0) {
      return [];
    }
    if (grouping.interval === 'total' && filter.label === undefined) {
      return [...first, ...others([together(groups)], first)];
    }
    const among = first.map(group => Object.fromEntries(grouping.by.map(name => [name, group[name]])));
    const told = await this.sums({ filter: { ...filter, among }, grouping }, MOST_BUCKETS);
    const all = await this.sums({ filter, grouping: { ...grouping, by: [] } }, MOST_BUCKETS);
    return [...told, ...others(all, told)];
  }

  private questionOf({ from, to, interval, by, top: _own, ...filter }: SummaryOrder): Question {
    const end = to ?? this.clock.now();
    const start = from ?? end - DEFAULT_MS;
    if (!(start < end)) {
      throw new InvalidRequestError('`to` must be later than `from`.', 'to');
    }
    const hours = { from: hourOf(start), to: Math.ceil(end / HOUR_MS) };
    const label = labelOf(by, filter);
    return { filter: { ...filter, ...hours, ...(label && { label }) }, grouping: { interval, by } };
  }

  private async sums({ filter, grouping }: Question, most: number): Promise<UsageBucket[]> {
    const found = await this.rollups.sums(filter, grouping, most + 1);
    if (found.length > most) {
      throw new InvalidRequestError(
        `The answer would have more than ${most} entries. Ask for less time, a longer interval, or fewer groups.`,
        'interval',
        'too_many_entries',
      );
    }
    return found;
  }
}

/** @throws InvalidRequestError (400) where both matter: what calls have in common of these nobody adds up */
function labelOf(by: readonly Dimension[], asked: Pick<SummaryOrder, Label>): Label | undefined {
  const [label, other] = LABELS.filter(name => by.includes(name) || asked[name] !== undefined);
  if (other) {
    throw new InvalidRequestError(
      'Sums are kept by end user and by tag, but not by both at once. Ask by one of them, together with any of project, key, ' +
        'endpoint, provider and model; `GET /admin/usage?endUser=…&tag=…` lists the calls of both.',
      'groupBy',
    );
  }
  return label;
}

function summaryOf<Bucket extends BucketOf>(
  { filter, grouping }: Question,
  found: readonly Bucket[],
): Summary<Bucket> {
  const [from, to] = [filter.from * HOUR_MS, filter.to * HOUR_MS];
  const startsAt = startOf(grouping.interval, from);
  const buckets = found.toSorted(inOrder).map(bucket => ({ ...bucket, start: startsAt(bucket.start) }));
  return { from, to, buckets };
}

function rank(bucket: UsageBucket, { of }: Top): number {
  return of === 'calls' ? bucket.calls : Number(spentOn(bucket));
}

function together(groups: readonly UsageBucket[]): UsageBucket {
  const sums = sumsOnly(NOTHING);
  groups.forEach(group => add(sums, group));
  return { start: 0, ...sums };
}

/** Of each interval what is left, if there is any. */
function others(all: readonly UsageBucket[], told: readonly UsageBucket[]): UsageBucket[] {
  const rests = new Map<number, UsageSums>(all.map(bucket => [bucket.start, bucket]));
  told.forEach(bucket => rests.set(bucket.start, less(rests.get(bucket.start) ?? NOTHING, bucket)));
  return [...rests]
    .filter(([, rest]) => !sameSums(rest, NOTHING))
    .map(([start, rest]) => ({ start, other: true, ...sumsOnly(rest) }));
}

function startOf(interval: Interval, from: number): (start: number) => number {
  switch (interval) {
    case 'hour':
      return hour => hour * HOUR_MS;
    case 'day':
      return day => day * DAY_MS;
    case 'month':
      return monthStart;
    case 'total':
      return () => from;
  }
}

const ORDER: readonly Dimension[] = [...DIMENSIONS, ...LABELS];

/** The same on every store, which sort null and letters in their own ways. */
function inOrder(a: BucketOf, b: BucketOf): number {
  if (a.start !== b.start) {
    return a.start - b.start;
  }
  if (a.other !== b.other) {
    return a.other ? 1 : -1;
  }
  const differing = ORDER.find(dimension => (a[dimension] ?? '') !== (b[dimension] ?? ''));
  return differing && (a[differing] ?? '') < (b[differing] ?? '') ? -1 : 1;
}

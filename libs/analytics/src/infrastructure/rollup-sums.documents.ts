import type { mongo } from 'mongoose';
import type {
  Grouping,
  RollupFilter,
  TimesBucket,
  UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { AMOUNTS, COUNTS } from '../domain/rollups/usage-hour.js';
import { bucketOf, groupOf, TimesBuckets } from './rollup-buckets.js';
import { addTimes, readSums, type StoredHour } from './usage-hour.schema.js';

type Grouped = Record<string, unknown> & { readonly _id: Record<string, unknown> };

const RANK = { cost: { $add: ['$costNanoUsd', '$correctedNanoUsd'] }, calls: '$calls' };

/** What rollups of hours or of days add up to. */
export async function sumsOf(
  rollups: mongo.Collection<StoredHour>,
  {
    filter,
    grouping,
    limit,
  }: { readonly filter: RollupFilter; readonly grouping: Grouping; readonly limit: number },
): Promise<UsageBucket[]> {
  const found = await rollups
    .aggregate<Grouped>([
      { $match: wanted(filter) },
      {
        $group: {
          _id: Object.fromEntries(groupOf(grouping).map(name => [name, `$${name}`])),
          ...Object.fromEntries([...COUNTS, ...AMOUNTS].map(name => [name, { $sum: `$${name}` }])),
        },
      },
      ...(grouping.largestBy === undefined
        ? []
        : [{ $addFields: { rank: RANK[grouping.largestBy] } }, { $sort: { rank: -1 } }]),
      { $limit: limit },
    ])
    .toArray();
  return found
    .map(({ _id, ...sums }) => ({ ...bucketOf(_id, grouping), ...readSums(sums) }))
    .filter(({ calls, correctedNanoUsd }) => calls > 0 || correctedNanoUsd !== 0n);
}

/** Put together here: the names of its fields are the buckets. */
export async function timesOf(
  rollups: mongo.Collection<StoredHour>,
  filter: RollupFilter,
  grouping: Grouping,
): Promise<TimesBucket[]> {
  const projection = Object.fromEntries([...groupOf(grouping), 'times', 'packed'].map(name => [name, 1]));
  const buckets = new TimesBuckets(grouping);
  for await (const rollup of rollups.find(wanted(filter), { projection })) {
    addTimes(buckets.of(rollup), rollup);
  }
  return buckets.all;
}

function wanted({ from, to, among, label, ...of }: RollupFilter): mongo.Filter<StoredHour> {
  const exact = Object.entries(of).filter(([, value]) => value !== undefined);
  const groups = among && { $or: [...among] };
  const labelled = label && { [label]: { $type: 'string' } };
  return { ...labelled, ...Object.fromEntries(exact), hour: { $gte: from, $lt: to }, ...groups };
}

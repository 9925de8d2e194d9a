import { InvalidRequestError } from '@app/shared';
import type { Interval, UsageBucket } from '../rollups/rollup.repository.js';
import type { RollupReader } from '../rollups/rollup-reader.js';

/** Of all groups together: what is held in memory for one answer. */
const MOST_BUCKETS = 50_000;

/** Whose calls are asked about: of one project, of each by itself, or of all together. */
export interface Whose {
  readonly projectId?: string;
  readonly perProject: boolean;
}

/** The sums of a project, or of all. */
export interface GroupBuckets {
  readonly projectId?: string;
  readonly buckets: readonly UsageBucket[];
}

/**
 * By the ids of projects.
 *
 * @param span hours since 1970, `to` is exclusive
 * @throws InvalidRequestError (400) when that would be too many
 */
export async function bucketsOf(
  rollups: RollupReader,
  { projectId, perProject }: Whose,
  { from, to, interval }: { readonly from: number; readonly to: number; readonly interval: Interval },
): Promise<GroupBuckets[]> {
  const by = perProject ? (['projectId'] as const) : [];
  const found = await rollups.sums({ projectId, from, to }, { interval, by }, MOST_BUCKETS + 1);
  if (found.length > MOST_BUCKETS) {
    throw new InvalidRequestError(
      'There are too many projects to tell of all of them at once. Name one as `projectId`, or leave out `groupBy`.',
      'groupBy',
      'too_many_entries',
    );
  }
  const groups = new Map<string | undefined, UsageBucket[]>();
  for (const bucket of found) {
    const group = groups.get(bucket.projectId) ?? [];
    group.push(bucket);
    groups.set(bucket.projectId, group);
  }
  return [...groups]
    .map(([id, buckets]) => ({ ...(id !== undefined && { projectId: id }), buckets }))
    .toSorted((a, b) => ((a.projectId ?? '') < (b.projectId ?? '') ? -1 : 1));
}

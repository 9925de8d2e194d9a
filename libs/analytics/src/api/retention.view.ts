import type { KeptKind, OwnDays } from '../domain/retention.js';
import type { RetainedKind, RetainedOfProject, RetentionView } from './retention.dto.js';

export async function toRetentionView(
  exceptions: ReadonlyMap<KeptKind, readonly OwnDays[]>,
): Promise<RetentionView> {
  const data: RetainedKind[] = [];
  for (const [{ kind, days, records }, own] of exceptions) {
    const projects: RetainedOfProject[] = [];
    for (const { projectId, days: ownDays } of own) {
      projects.push({ projectId, ...retained(ownDays, await records.oldest(projectId)) });
    }
    data.push({ kind, ...retained(days, await records.oldest()), projects });
  }
  return { data };
}

function retained(days: number, oldest: number | null): Pick<RetainedKind, 'days' | 'since'> {
  return {
    days: days === Infinity ? null : days,
    since: oldest === null ? null : new Date(oldest).toISOString(),
  };
}

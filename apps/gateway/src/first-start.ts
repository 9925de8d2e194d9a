import type { AdminUserChanges, ProjectChanges, ProjectsService } from '@app/projects';
import { type Config, localAuthor } from '@app/shared';

export interface FirstStartServices {
  readonly admins: AdminUserChanges;
  readonly projects: ProjectsService;
  readonly changes: ProjectChanges;
}

export interface FirstStart {
  /** Null when `AI_GATEWAY_ADMIN_KEY` gave it. */
  readonly adminKey: string | null;
  /** Null in production: no demo project is made there. */
  readonly projectKey: string | null;
}

/** Makes what a new store needs. Null when there are projects already; secrets are shown this once. */
export async function firstStart(
  { isProduction }: Config,
  { admins, projects, changes }: FirstStartServices,
): Promise<FirstStart | null> {
  const by = localAuthor('gateway', Date.now());
  const adminKey = await admins.ensureFirst(by);
  const { data } = await projects.list({ limit: 1 });
  const isNew = data.length === 0;
  const projectKey = isNew && !isProduction ? (await changes.create(by, { name: 'demo' })).apiKey : null;
  return isNew || adminKey ? { adminKey, projectKey } : null;
}

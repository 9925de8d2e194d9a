import { AdminKeysService, ProjectsService } from '@app/projects';
import type { Config } from '@app/shared';

export interface FirstStart {
  /** Null when `AI_GATEWAY_ADMIN_KEY` gave it. */
  readonly adminKey: string | null;
  /** Null in production: no demo project is made there. */
  readonly projectKey: string | null;
}

/** Makes what a new store needs. Null when there are projects already; secrets are shown this once. */
export async function firstStart(
  { isProduction }: Config,
  admins: AdminKeysService,
  projects: ProjectsService,
): Promise<FirstStart | null> {
  const adminKey = await admins.ensureFirst();
  const { data } = await projects.list({ limit: 1 });
  const isNew = data.length === 0;
  const projectKey = isNew && !isProduction ? (await projects.create({ name: 'demo' })).apiKey : null;
  return isNew || adminKey ? { adminKey, projectKey } : null;
}

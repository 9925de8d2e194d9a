import type { SealedRecords } from '@app/shared';

/** Port: what features that use this one keep for projects. The composition root binds it. */
export abstract class ProjectContents {
  /** What of it is sealed. */
  abstract readonly sealed: readonly SealedRecords[];
  /** Deletes all of a project. @throws StoreUnavailableError */
  abstract deleteOf(projectId: string): Promise<void>;
}

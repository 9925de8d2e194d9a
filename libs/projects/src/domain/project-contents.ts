/** Port: what features that use this one keep for a project. The composition root binds it. */
export abstract class ProjectContents {
  /** Deletes all of it. @throws StoreUnavailableError */
  abstract deleteOf(projectId: string): Promise<void>;
}

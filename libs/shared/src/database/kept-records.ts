/** Records of one kind, of which the oldest are to go. */
export interface KeptRecords {
  /** When the oldest was made, of all or of one project, Unix ms; null when there is none. */
  oldest(projectId?: string): Promise<number | null>;
  /** Deletes at most `limit` that are older, of all or of one project, and tells how many. @param before Unix ms */
  deleteBefore(before: number, limit: number, projectId?: string): Promise<number>;
}

/** Those that belong to projects. */
export interface KeptByProject extends KeptRecords {
  /** The first project behind that one that has any; null when there is none. */
  nextProject(after: string): Promise<string | null>;
}

/** Those of projects that have an end of their own. */
export interface ExpiringRecords extends Pick<KeptRecords, 'oldest'> {
  /** Deletes at most `limit` of a project that are older than it wants them kept, and tells how many. @param before Unix ms */
  deleteBefore(before: number, limit: number, projectId: string): Promise<number>;
}

import type { Sql } from '@app/shared';

/** Rows of calls with `id`, `projectId` and `receivedAt`: which are the oldest, of all or of one project. */
export class ReceivedRows {
  constructor(
    private readonly sql: Sql,
    private readonly table: string,
  ) {}

  /** Unix ms; null when there is none. */
  async oldest(projectId?: string): Promise<number | null> {
    const row = await this.of(projectId)
      .select('receivedAt')
      .orderBy('receivedAt')
      .limit(1)
      .executeTakeFirst();
    return row ? Number(row['receivedAt']) : null;
  }

  /** The first project behind that one that has any; null when there is none. */
  async nextProject(after: string): Promise<string | null> {
    const row = await this.sql
      .selectFrom(this.table)
      .select('projectId')
      .where('projectId', '>', after)
      .orderBy('projectId')
      .limit(1)
      .executeTakeFirst();
    return row ? String(row['projectId']) : null;
  }

  /** At most `limit` that were received before, the oldest first. */
  async idsBefore(before: number, limit: number, projectId?: string): Promise<string[]> {
    const rows = await this.of(projectId)
      .select('id')
      .where('receivedAt', '<', before)
      .orderBy('receivedAt')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => String(id));
  }

  private of(projectId: string | undefined) {
    return this.sql
      .selectFrom(this.table)
      .$if(projectId !== undefined, rows => rows.where('projectId', '=', projectId));
  }
}

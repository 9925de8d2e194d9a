import type { Model } from 'mongoose';
import type { Sql } from './database.js';

/** Rows whose ids are in the order of their times, with `project_id` and `created_at`. */
export class OldRows {
  constructor(
    private readonly sql: Sql,
    private readonly table: string,
  ) {}

  /** When the oldest was made, of all or of one project, Unix ms; null when there is none. */
  async oldest(projectId?: string): Promise<number | null> {
    const row = await this.sql
      .selectFrom(this.table)
      .select('created_at')
      .$if(projectId !== undefined, rows => rows.where('project_id', '=', projectId))
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return row ? Number(row['created_at']) : null;
  }

  /** Deletes at most `limit` of a project whose ids are before that one, and tells how many. */
  async delete(projectId: string, id: string, limit: number): Promise<number> {
    const rows = await this.sql
      .selectFrom(this.table)
      .select('id')
      .where('project_id', '=', projectId)
      .where('id', '<', id)
      .orderBy('id')
      .limit(limit)
      .execute();
    const ids = rows.map(row => row['id']);
    if (ids.length > 0) {
      await this.sql.deleteFrom(this.table).where('id', 'in', ids).execute();
    }
    return ids.length;
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- models are invariant; only what all of them have is asked for
type OldModel = Model<any>;

/** The same for documents with `projectId` and `createdAt`. */
export class OldDocuments {
  constructor(private readonly model: OldModel) {}

  async oldest(projectId?: string): Promise<number | null> {
    const document = await this.model
      .findOne(projectId === undefined ? {} : { projectId }, { createdAt: 1 })
      .sort({ _id: 1 })
      .lean<{ readonly createdAt: number }>();
    return document?.createdAt ?? null;
  }

  async delete(projectId: string, id: string, limit: number): Promise<number> {
    const documents = await this.model
      .find({ projectId, _id: { $lt: id } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<{ readonly _id: string }[]>();
    await this.model.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
    return documents.length;
  }
}

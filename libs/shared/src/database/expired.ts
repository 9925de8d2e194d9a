import type { Model } from 'mongoose';
import type { Sql } from './database.js';

/** Deletes rows whose time is over, the oldest first, of a table with the columns `id` (its key) and `expires_at` (Unix ms). */
export async function deleteExpiredRows(
  sql: Sql,
  table: string,
  now: number,
  limit: number,
): Promise<number> {
  const expired = sql
    .selectFrom(table)
    .select('id')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit);
  const { numDeletedRows } = await sql
    .deleteFrom(table)
    .where('id', 'in', sql.selectFrom(expired.as('expired')).select('expired.id')) // MySQL takes no limit within `in` itself
    .where('expires_at', '<=', now) // one may have got more time meanwhile
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

// oxlint-disable-next-line typescript/no-explicit-any -- models are invariant; only what all of them have is asked for
type ExpiringModel = Model<any>;

/** The same for documents with `expiresAt`. */
export async function deleteExpiredDocuments(
  model: ExpiringModel,
  now: number,
  limit: number,
): Promise<number> {
  const isOver = { expiresAt: { $lte: now } };
  const due = await model
    .find(isOver, { _id: 1 })
    .sort({ expiresAt: 1 })
    .limit(limit)
    .lean<{ readonly _id: string }[]>();
  const { deletedCount } = await model.deleteMany({ _id: { $in: due.map(({ _id }) => _id) }, ...isOver });
  return deletedCount;
}

import type { Model } from 'mongoose';
import { StoreUnavailableError } from '../errors/gateway.error.js';
import type { Sql } from './database.js';
import { isDuplicateKey } from './duplicate-key.js';

/** So often another process may be faster. */
const ATTEMPTS = 20;

/** A record that is replaced whole, version by version: exact on every store, without transactions. */
interface Versioned {
  readonly id: string;
  /** 0: not in the store yet. */
  readonly version: number;
}

/** Their storage port. */
export interface VersionedRecords<Record extends Versioned> {
  find(id: string): Promise<Record | null>;
  /**
   * Takes the place of the version before its own; version 1 that of none. False when another was faster. When it fails, nobody
   * knows whether it did.
   */
  put(record: Record): Promise<boolean>;
}

export interface RecordChange<Record> {
  /** Null: it was not in the store. */
  readonly before: Record | null;
  readonly after: Record;
}

/**
 * Replaces a record by what is made of it; again, when another process was faster.
 *
 * @param change gets null when it is not in the store, and gives null when nothing is to be changed
 * @returns null when nothing was changed
 * @throws StoreUnavailableError (503), also when others never cease; nobody knows then whether it was changed
 */
export async function replaceRecord<Record extends Versioned>(
  records: VersionedRecords<Record>,
  id: string,
  change: (record: Record | null) => Record | null,
): Promise<RecordChange<Record> | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await records.find(id);
    const after = change(before);
    if (after === null) {
      return null;
    }
    if (await records.put({ ...after, version: (before?.version ?? 0) + 1 })) {
      return { before, after };
    }
  }
  throw new StoreUnavailableError(new Error(`The record ${id} is being changed all the time.`));
}

/** `VersionedRecords.put` of a table whose key is `id`. */
export async function putRow(sql: Sql, table: string, row: Versioned): Promise<boolean> {
  const { id, ...fields } = row;
  if (row.version === 1) {
    const { numInsertedOrUpdatedRows } = await sql
      .insertInto(table)
      .values(row)
      .onConflict(conflict => conflict.column('id').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { numUpdatedRows } = await sql
    .updateTable(table)
    .set(fields)
    .where('id', '=', id)
    .where('version', '=', row.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

// oxlint-disable-next-line typescript/no-explicit-any -- models are invariant; only what all of them have is asked for
type VersionedModel = Model<any>;

/** The same for documents. */
export async function putDocument<Document extends { readonly _id: string; readonly version: number }>(
  model: VersionedModel,
  document: Document,
): Promise<boolean> {
  const { _id, ...fields } = document;
  if (document.version > 1) {
    const before = { _id, version: document.version - 1 };
    return (await model.updateOne(before, { $set: fields })).matchedCount === 1;
  }
  try {
    await model.create(document);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) {
      return false;
    }
    throw error;
  }
}

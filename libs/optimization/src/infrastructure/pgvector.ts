import type { Sql } from '@app/shared';
import { sql as raw } from 'kysely';

/**
 * The version of the extension `vector` (pgvector) of that PostgreSQL, where it is created if it can be.
 *
 * @throws Error that says why it cannot be used
 */
export async function pgvectorIn(sql: Sql): Promise<string> {
  const extension = await look(sql);
  if (!extension) {
    throw new Error('The server of PostgreSQL does not have the extension `vector`.');
  }
  const refusal = extension.installed === null ? await create(sql) : null;
  try {
    await raw`select '[1]'::vector <=> '[1]'::vector`.execute(sql); // it may be in a schema where nobody looks
  } catch (error) {
    throw refusal ?? error;
  }
  return (await look(sql))?.installed ?? '';
}

async function look(sql: Sql): Promise<{ readonly installed: string | null } | undefined> {
  const { rows } = await raw<{ installed: string | null }>`
    select installed_version as installed from pg_available_extensions where name = 'vector'`.execute(sql);
  return rows[0];
}

/** @returns why not; another gateway may have been faster */
async function create(sql: Sql): Promise<unknown> {
  try {
    await raw`create extension if not exists vector`.execute(sql);
    return null;
  } catch (error) {
    return error;
  }
}

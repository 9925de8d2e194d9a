import { createLogger, type Database, readConfig, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../test/support/databases.js';
import { PgvectorServer } from '../../../test/support/pgvector-server.js';
import { questionsWhereComparable } from './question-index.provider.js';

let lines: string[];
beforeEach(() => {
  lines = [];
});

describe('questions in other words', () => {
  it.each([
    ['memory', [] as string[]],
    ['database', [expect.stringContaining('The store is no PostgreSQL')] as string[]],
  ])('are in memory where answers are in the %s of a gateway with SQLite', async (where, told) => {
    const database = openInMemory();
    const config = { AI_GATEWAY_DATABASE_URL: 'sqlite::memory:', AI_GATEWAY_CACHE_STORE: where };

    await expect(questionsIn(config, database)).resolves.toBeNull();
    expect(lines).toEqual(told);
    await database.close();
  });

  it('are in memory where PostgreSQL has no pgvector, which the log tells', async () => {
    await onServer('bare', async (config, database) => {
      await expect(questionsIn(config, database)).resolves.toBeNull();
      expect(lines).toEqual([expect.stringContaining('does not have the extension `vector`')]);
      await expect(tables(database)).resolves.not.toContain('semantic_questions');
    });
  });

  it('are in PostgreSQL where it has pgvector, whoever creates that first', async () => {
    await onServer(undefined, async (config, database) => {
      const found = await Promise.all([questionsIn(config, database), questionsIn(config, database)]);

      expect(found).not.toContain(null);
      expect(lines).toEqual(Array(2).fill(expect.stringMatching(/"pgvector":"\d.*in PostgreSQL/)));
      await expect(tables(database)).resolves.toContain('semantic_questions');
    });
  });

  it('are in memory where pgvector cannot be used, and why', async () => {
    await onServer(undefined, async (config, database) => {
      await database.sql.schema.createSchema('elsewhere').execute();
      const { sql: raw } = await import('kysely');
      await raw`create extension vector schema elsewhere`.execute(database.sql);

      await expect(questionsIn(config, database)).resolves.toBeNull();
      expect(lines).toEqual([expect.stringContaining('type \\"vector\\" does not exist')]);
    });
  });
});

type Config = Record<string, string>;

function questionsIn(config: Config, database: Database): Promise<unknown> {
  const logger = createLogger('info', { write: line => lines.push(line) });
  return questionsWhereComparable(readConfig(config), database, logger);
}

async function onServer(
  bare: 'bare' | undefined,
  test: (config: Config, database: SqlDatabase) => Promise<void>,
): Promise<void> {
  const server = await PgvectorServer.start(bare);
  try {
    const database = await server.open();
    await test({ ...server.env, AI_GATEWAY_CACHE_STORE: 'database' }, database).finally(() =>
      database.close(),
    );
  } finally {
    await server.remove();
  }
}

async function tables({ sql }: SqlDatabase): Promise<string[]> {
  return (await sql.introspection.getTables()).map(({ name }) => name);
}

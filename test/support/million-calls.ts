import { openSqlite } from '../../libs/shared/src/database/sqlite.js';
import { openRollups } from './rollups.js';
import { sql } from 'kysely';

const HOUR_MS = 3_600_000;
/** What the calls are spread over, until now. */
const HOURS = 72;

/** Calls of four projects at three vendors, some of which failed, were cached or have no price; one in a thousand was priced anew. */
export async function fillWithCalls(databaseFile: string, calls: number): Promise<void> {
  const database = openSqlite(databaseFile);
  const { rollups, days } = await openRollups(database);
  const now = Date.now();
  const begin = now - HOURS * HOUR_MS;
  await database.sql.transaction().execute(async transaction => {
    await sql`${sql.raw(usageOf(calls, begin))}`.execute(transaction);
    await sql`${sql.raw(CORRECTIONS)}`.execute(transaction);
  });
  const [first, last] = [begin, now].map(time => Math.floor(time / HOUR_MS));
  for (let hour = first ?? 0; hour <= (last ?? 0); hour++) {
    await rollups.mend(hour);
  }
  for (let day = Math.ceil((first ?? 0) / 24); day < Math.floor((last ?? 0) / 24); day++) {
    await days.fold(day);
  }
  await database.close();
}

function usageOf(calls: number, begin: number): string {
  const row = {
    id: `printf('01936f5a-0000-7000-8000-%012x', i)`,
    projectId: `'project-' || (i % 4)`,
    keyId: `'key-' || (i % 9)`,
    endpoint: `'/v1/chat/completions'`,
    provider: `iif(i % 3 = 0, 'openai', iif(i % 3 = 1, 'anthropic', 'google'))`,
    modelAsked: `'model-' || (i % 3)`,
    modelUsed: `iif(i % 50 = 7, null, 'model-' || (i % 3))`,
    stream: 'i % 2',
    outcome: `iif(i % 97 = 0, 'failed', 'completed')`,
    status: 'iif(i % 97 = 0, 503, 200)',
    inputTokens: '100 + i % 1000',
    cacheReadTokens: 'i % 100',
    cacheWriteTokens: '0',
    outputTokens: '1 + i % 777',
    reasoningTokens: 'i % 5',
    audioInputTokens: '0',
    audioOutputTokens: '0',
    estimated: '0',
    costNanoUsd: 'iif(i % 101 = 0, null, iif(i % 250000 = 3, 9007199254740991, 1234567 + i * 7))',
    savedNanoUsd: 'iif(i % 10 = 0, i, 0)',
    latencyMs: '20 + i % 120',
    attempts: '1',
    cached: 'i % 10 = 0',
    receivedAt: `${begin} + i * ${HOURS * HOUR_MS} / ${calls}`,
  };
  return `
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${calls - 1})
    insert into usage (${Object.keys(row)
      .map(name => `"${name}"`)
      .join(', ')})
    select ${Object.values(row).join(', ')} from n`;
}

const CORRECTIONS = `
  insert into usage_corrections
  select 'c-' || id, id, 1, "projectId", "keyId", provider, "modelUsed", null, '2', "costNanoUsd" + 17, 17,
    'author', 'Ada', "receivedAt", "receivedAt"
  from usage where "costNanoUsd" % 1000 = 5`;

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import type { SqlDatabase } from './database.js';
import { DatabaseLockedError, openSqlite } from './sqlite.js';

/** What a gateway does with the lock file, in another process. Lives until its stdin ends. */
const HOLDER = `
  const { DatabaseSync } = require('node:sqlite');
  const lock = new DatabaseSync(process.argv[1]);
  lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  process.stdout.write('locked');
  process.stdin.resume();
`;

describe('the embedded store', () => {
  let folder: string;
  let file: string;
  let database: SqlDatabase | null;
  const holders: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sqlite-'));
    file = path.join(folder, 'data', 'gateway.db');
    database = null;
  });

  afterEach(async () => {
    holders.splice(0).forEach(holder => holder.kill('SIGKILL'));
    await database?.close();
    rmSync(folder, { recursive: true });
  });

  it('makes its folder for nobody else to enter, and keeps what was written', async () => {
    database = openSqlite(file);
    await sql`create table t (a integer)`.execute(database.sql);
    await sql`insert into t values (41)`.execute(database.sql);
    await database.close();
    database = openSqlite(file);

    await expect(sql`select a + 1 as b from t`.execute(database.sql)).resolves.toMatchObject({
      rows: [{ b: 42 }],
    });
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(database.server).toMatch(/^SQLite 3\.\d+\.\d+$/);
  });

  it('keeps its files from others, also in a folder that is open to them', async () => {
    const open = path.join(folder, 'open');
    mkdirSync(open, { mode: 0o755 });
    database = openSqlite(path.join(open, 'hub.db'));
    await sql`create table t (a integer)`.execute(database.sql);

    expect(readdirSync(open).toSorted()).toEqual(['hub.db', 'hub.db-shm', 'hub.db-wal', 'hub.db.lock']);
    for (const name of readdirSync(open)) {
      expect([name, statSync(path.join(open, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(statSync(open).mode & 0o777).toBe(0o755);
  });

  it('writes ahead, and checks foreign keys', async () => {
    database = openSqlite(file);

    await expect(pragma(database, 'journal_mode')).resolves.toBe('wal');
    await expect(pragma(database, 'synchronous')).resolves.toBe(1);
    await expect(pragma(database, 'foreign_keys')).resolves.toBe(1);
  });

  it('undoes a transaction that failed, and keeps writes of others out of it', async () => {
    database = openSqlite(':memory:');
    const { sql: db } = database;
    await sql`create table t (a integer)`.execute(db);
    const failing = db.transaction().execute(async transaction => {
      await sql`insert into t values (1)`.execute(transaction);
      throw new Error('changed my mind');
    });
    const other = sql`insert into t values (2)`.execute(db);

    await expect(failing).rejects.toThrow('changed my mind');
    await other;
    await expect(sql`select a from t`.execute(db)).resolves.toMatchObject({ rows: [{ a: 2 }] });
  });

  it('gives each caller a store of its own in memory', async () => {
    database = openSqlite(':memory:');
    const second = openSqlite(':memory:');
    await sql`create table t (a integer)`.execute(database.sql);

    await expect(sql`select * from t`.execute(second.sql)).rejects.toThrow('no such table');
    await second.close();
  });

  it('refuses a file that another process holds, naming the way out, until that process is gone', async () => {
    database = openSqlite(file);
    await database.close();
    const holder = await hold(`${file}.lock`);
    holders.push(holder);

    expect(() => openSqlite(file)).toThrow(DatabaseLockedError);
    expect(() => openSqlite(file)).toThrow(/AI_GATEWAY_DATABASE_URL/);

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    database = openSqlite(file);
    expect(database.server).toContain('SQLite');
  });

  it('keeps a second process out', async () => {
    database = openSqlite(file);

    await expect(hold(`${file}.lock`)).rejects.toThrow('database is locked');
  });

  it('does not take a broken file for a lock', () => {
    database = openSqlite(file);
    const broken = path.join(folder, 'broken.db');
    writeFileSync(broken, 'this is no database, however long one looks at it');
    const brokenLock = path.join(folder, 'other.db');
    writeFileSync(`${brokenLock}.lock`, 'this is no database, however long one looks at it');

    expect(() => openSqlite(broken)).toThrow('file is not a database');
    expect(() => openSqlite(brokenLock)).toThrow('file is not a database');
  });
});

async function pragma(database: SqlDatabase, name: string): Promise<unknown> {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database.sql);
  return rows[0]?.[name];
}

/** @throws Error with what the process said, when it did not get the lock */
async function hold(lockFile: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', HOLDER, lockFile], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const locked = once(child.stdout, 'data').then(() => true);
  const ended = once(child, 'close').then(() => false);
  if (!(await Promise.race([locked, ended]))) {
    throw new Error(complaint);
  }
  return child;
}

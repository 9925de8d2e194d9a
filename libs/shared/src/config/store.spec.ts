import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from './config.error.js';
import { type Environment, readConfig } from './config.reader.js';
import type { Store } from './store.js';

const MONGODB = 'AI_GATEWAY_DATABASE_MONGODB';

describe('the store that the settings name', () => {
  it('is SQLite, or the MongoDB of either variable', () => {
    expect(storeOf({})).toEqual({ kind: 'sqlite', file: './data/gateway.db' });
    expect(storeOf({ AI_GATEWAY_DATABASE_URL: 'sqlite::memory:' })).toMatchObject({ file: ':memory:' });
    for (const variable of ['AI_GATEWAY_DATABASE_URL', `${MONGODB}_URL`]) {
      expect(storeOf({ [variable]: 'mongodb://db1:27018,db2/hub?replicaSet=rs0' })).toEqual({
        kind: 'mongodb',
        url: 'mongodb://db1:27018,db2/hub?replicaSet=rs0',
        hosts: 'db1:27018,db2',
        database: 'hub',
        timeoutMs: 500,
        maxPoolSize: 20,
        minPoolSize: 1,
      });
    }
  });

  it('is the PostgreSQL that the URL names', () => {
    for (const scheme of ['postgres', 'postgresql']) {
      const url = `${scheme}://hub:p%40ss@db.example:5433/hub?sslmode=require`;
      expect(storeOf({ AI_GATEWAY_DATABASE_URL: url })).toEqual({
        kind: 'postgres',
        url,
        hosts: 'db.example:5433',
        password: 'p@ss',
        timeoutMs: 500,
        maxPoolSize: 20,
      });
    }
  });

  it('is the MySQL or MariaDB that the URL names', () => {
    for (const scheme of ['mysql', 'mariadb']) {
      expect(storeOf({ AI_GATEWAY_DATABASE_URL: `${scheme}://hub:p%40ss@db.example/hub` })).toEqual({
        kind: 'mysql',
        host: 'db.example',
        port: 3306,
        user: 'hub',
        password: 'p@ss',
        database: 'hub',
        hosts: 'db.example:3306',
        timeoutMs: 500,
        maxPoolSize: 20,
      });
    }
    expect(storeOf({ AI_GATEWAY_DATABASE_URL: 'mysql://[::1]:3307/hub' })).toMatchObject({
      host: '::1',
      hosts: '[::1]:3307',
    });
  });

  it.each([
    ['disabled', undefined],
    ['REQUIRED', { rejectUnauthorized: false, verifyIdentity: false }],
    ['VERIFY_CA', { rejectUnauthorized: true, verifyIdentity: false }],
    ['VERIFY_IDENTITY', { rejectUnauthorized: true, verifyIdentity: true }],
  ])('is a MySQL behind TLS with ssl-mode=%s', (mode, tls) => {
    const store = storeOf({ AI_GATEWAY_DATABASE_URL: `mysql://db/hub?ssl-mode=${mode}` });

    expect(store.kind === 'mysql' && store.tls).toEqual(tls);
  });

  it('is a MySQL whose certificate comes from an authority of its own', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ca-'));
    const file = path.join(folder, 'ca.pem');
    writeFileSync(file, 'PEM');
    const store = storeOf({ AI_GATEWAY_DATABASE_URL: `mysql://db/hub?ssl-mode=VERIFY_CA&ssl-ca=${file}` });
    rmSync(folder, { recursive: true });

    expect(store).toMatchObject({ tls: { ca: 'PEM' } });
  });

  it.each([
    ['', 'names no database'],
    ['/', 'names no database'],
    ['/hub?sslmode=require', 'has the option sslmode'],
    ['/hub?ssl-mode=secret-9137', 'has an ssl-mode that is not known'],
    ['/hub?ssl-mode=REQUIRED&ssl-ca=/ca.pem', 'has ssl-ca, which nothing would use'],
    ['/hub?ssl-mode=VERIFY_CA&ssl-ca=/not/there.pem', 'has an ssl-ca that cannot be read (ENOENT)'],
    ['.0.0.1/hub?ssl-mode=VERIFY_IDENTITY', 'has an address as host'],
    ['/h%zzub', 'is not percent-encoded'],
  ])('is no MySQL with %j behind the host', (rest, complaint) => {
    const { message } = errorOf({ AI_GATEWAY_DATABASE_URL: `mysql://hub:secret-9137@127${rest}` });

    expect(message).toContain(`AI_GATEWAY_DATABASE_URL ${complaint}`);
    expect(message).not.toMatch(/secret|\n/);
  });

  it.each([
    ['mongodb+srv://user:p%40ss@cluster.example', 'cluster.example', 'gateway'],
    ['mongodb://[::1]:27017', '[::1]:27017', 'gateway'],
    ['mongodb://db?tls=true', 'db', 'gateway'],
    ['mongodb://db/?tls=true', 'db', 'gateway'],
  ])('reads %s', (url, hosts, database) => {
    expect(storeOf({ [`${MONGODB}_URL`]: url })).toMatchObject({ url, hosts, database });
  });

  it.each([
    [{}, 'mongodb://db.example:27017', 'gateway', undefined],
    [{ PORT: '27018', DATABASE: 'hub' }, 'mongodb://db.example:27018', 'hub', undefined],
    [{ USERNAME: 'u', PASSWORD: 'p@/:' }, 'mongodb://db.example:27017', 'gateway', 'admin'],
    [{ USERNAME: 'u', PASSWORD: 'p', AUTH_SOURCE: 'hub' }, 'mongodb://db.example:27017', 'gateway', 'hub'],
  ] as const)('is made of a host and %j', (parts, url, database, authSource) => {
    const store = storeOf({ [`${MONGODB}_URL`]: 'db.example', ...prefixed(parts) });

    expect(store).toMatchObject({ url, database });
    expect(store).toHaveProperty('credentials', credentialsOf(parts));
    expect(store.kind === 'mongodb' && store.authSource).toBe(authSource);
  });

  it('adds to a URL what it leaves open', () => {
    const parts = { USERNAME: 'u', PASSWORD: 'p', DATABASE: 'hub', AUTH_SOURCE: 'users' };

    expect(storeOf({ [`${MONGODB}_URL`]: 'mongodb://db', ...prefixed(parts) })).toMatchObject({
      url: 'mongodb://db',
      credentials: { username: 'u', password: 'p' },
      database: 'hub',
      authSource: 'users',
    });
  });

  it.each([
    [{ PORT: '27017' }, 'PORT'],
    [{ USERNAME: 'other', PASSWORD: 'secret-9137' }, 'USERNAME'],
    [{ DATABASE: 'other' }, 'DATABASE'],
    [{ AUTH_SOURCE: 'other' }, 'AUTH_SOURCE'],
    [{ MAX_POOL_SIZE: '2', MIN_POOL_SIZE: '3' }, 'MIN_POOL_SIZE'],
  ])('refuses %j beside a URL that says something else, naming the variable', (parts, named) => {
    const url = 'mongodb://user:secret-9137@db/hub?authSource=admin';
    const { message } = errorOf({ [`${MONGODB}_URL`]: url, ...prefixed(parts) });

    expect(message.startsWith(`${MONGODB}_${named} is `)).toBe(true);
    expect(message).not.toContain('secret');
    expect(message).not.toContain('\n');
  });

  it('takes the options of a URL before its own defaults, and refuses a variable that says otherwise', () => {
    const url = 'mongodb://db/hub?maxPoolSize=3&minpoolsize=2&serverSelectionTimeoutMS=9000';
    const limits = { timeoutMs: 500, maxPoolSize: 3, minPoolSize: 2 };

    expect(storeOf({ [`${MONGODB}_URL`]: url })).toMatchObject(limits);
    expect(storeOf({ [`${MONGODB}_URL`]: url, ...prefixed({ MAX_POOL_SIZE: '3' }) })).toMatchObject(limits);
    for (const what of ['MAX_POOL_SIZE', 'MIN_POOL_SIZE', 'CONNECTION_TIMEOUT_MS']) {
      expect(errorOf({ [`${MONGODB}_URL`]: url, ...prefixed({ [what]: '20' }) }).message).toBe(
        `${MONGODB}_${what} is set, but the URL says that already. Say it in one place.`,
      );
    }
  });

  it.each(['PORT', 'USERNAME', 'PASSWORD', 'DATABASE', 'AUTH_SOURCE'])(
    'is not the embedded one when %s is set without a MongoDB',
    part => {
      const { message } = errorOf(prefixed({ [part]: '27017' }));

      expect(message).toBe(
        `${MONGODB}_${part} is set, but no MongoDB is named, so nothing would use it. Set ${MONGODB}_URL to its ` +
          'host, or remove this.',
      );
    },
  );

  it('needs a user with its password', () => {
    expect(errorOf({ [`${MONGODB}_URL`]: 'db', [`${MONGODB}_USERNAME`]: 'u' }).message).toMatch(
      /^AI_GATEWAY_DATABASE_MONGODB_PASSWORD is missing/,
    );
    expect(errorOf({ [`${MONGODB}_URL`]: 'db', [`${MONGODB}_PASSWORD`]: 'p' }).message).toMatch(
      /^AI_GATEWAY_DATABASE_MONGODB_USERNAME is missing/,
    );
  });

  it('is one: two variables that name different ones are refused', () => {
    const url = 'mongodb://db/hub';

    expect(errorOf({ AI_GATEWAY_DATABASE_URL: 'sqlite:./a.db', [`${MONGODB}_URL`]: url }).message).toBe(
      'AI_GATEWAY_DATABASE_MONGODB_URL names another store than AI_GATEWAY_DATABASE_URL. Set one of the two.',
    );
    expect(storeOf({ AI_GATEWAY_DATABASE_URL: url, [`${MONGODB}_URL`]: url })).toMatchObject({ url });
    expect(storeOf({ AI_GATEWAY_DATABASE_URL: '', [`${MONGODB}_URL`]: url })).toMatchObject({ url });
    expect(storeOf({ AI_GATEWAY_DATA_DIR: '/srv', [`${MONGODB}_URL`]: url })).toMatchObject({ url });
  });
});

function storeOf(env: Environment): Store {
  return readConfig(env).store;
}

function errorOf(env: Environment): Error {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as Error;
  }
  throw new Error('The configuration was accepted.');
}

function prefixed(parts: object): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [`${MONGODB}_${name}`, value]));
}

function credentialsOf(parts: Record<string, string>): object | undefined {
  return parts['USERNAME'] === undefined
    ? undefined
    : { username: parts['USERNAME'], password: parts['PASSWORD'] };
}

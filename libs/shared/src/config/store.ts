import { ConfigError } from './config.error.js';
import type { DatabaseSettings } from './database.settings.js';
import { type MysqlStore, readMysql } from './mysql.store.js';

export type { MysqlStore } from './mysql.store.js';

const VARIABLE = 'AI_GATEWAY_DATABASE_MONGODB';
const POSTGRES = /^postgres(ql)?:/;
const MYSQL = /^(mysql|mariadb):/;
const DEFAULT_PORT = 27_017;
const DEFAULT_DATABASE = 'gateway';
const DEFAULT_TIMEOUT_MS = 500;
const DEFAULT_POOL_SIZE = { max: 20, min: 1 };
const FULL_URL =
  /^mongodb(?:\+srv)?:\/\/(?:(?<credentials>[^@]+)@)?(?<hosts>[^/?]+)(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/;

export interface SqliteStore {
  readonly kind: 'sqlite';
  readonly file: string;
}

/** A PostgreSQL and how to talk to it. Holds secrets: never shown. */
export interface PostgresStore {
  readonly kind: 'postgres';
  /** Connection string, as `psql` takes it. */
  readonly url: string;
  /** `host:port`: for messages. */
  readonly hosts: string;
  /** As it stands in the URL, decoded, so that no message shows it. */
  readonly password?: string;
  /** For a connection, and for any question on the path of a call. */
  readonly timeoutMs: number;
  readonly maxPoolSize: number;
}

/** A MongoDB and how to talk to it. Holds secrets: never shown. */
export interface MongodbStore {
  readonly kind: 'mongodb';
  /** Connection string; the database and the user below go before what it says, and its options before our defaults. */
  readonly url: string;
  /** `host:port`, several with commas: for messages. */
  readonly hosts: string;
  readonly database: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly authSource?: string;
  /** For any question on the path of a call, and for a connection unless the URL says otherwise. */
  readonly timeoutMs: number;
  readonly maxPoolSize: number;
  readonly minPoolSize: number;
}

export type Store = SqliteStore | PostgresStore | MysqlStore | MongodbStore;

/**
 * The one store that the settings name.
 *
 * @throws ConfigError when two of them contradict each other, or a URL cannot be used
 */
export function storeOf(settings: DatabaseSettings): Store {
  const url = settings.mongodbUrl ?? settings.databaseUrl;
  if (url.startsWith('sqlite:')) {
    refuseUnused(settings);
    return { kind: 'sqlite', file: url.slice('sqlite:'.length) };
  }
  if (POSTGRES.test(url)) {
    refuseUnused(settings);
    return readPostgres(url, settings);
  }
  if (MYSQL.test(url)) {
    refuseUnused(settings);
    return readMysql(url, settings);
  }
  return {
    kind: 'mongodb',
    ...(url.includes('://') ? readUrl(url, settings) : readHost(url, settings)),
    credentials: readCredentials(settings),
    ...readLimits(url, settings),
  };
}

function readPostgres(url: string, settings: DatabaseSettings): PostgresStore {
  const { host, password } = new URL(url);
  return {
    kind: 'postgres',
    url,
    hosts: host,
    ...(password && { password: decodeURIComponent(password) }),
    timeoutMs: settings.postgresConnectionTimeoutMs,
    maxPoolSize: settings.postgresMaxPoolSize,
  };
}

/** Parts of an address without a host: whoever set them did not mean the embedded store. */
function refuseUnused(settings: DatabaseSettings): void {
  const parts = {
    PORT: settings.mongodbPort,
    USERNAME: settings.mongodbUsername,
    PASSWORD: settings.mongodbPassword,
    DATABASE: settings.mongodbDatabase,
    AUTH_SOURCE: settings.mongodbAuthSource,
  };
  const [unused] = Object.entries(parts).find(([, value]) => value !== undefined) ?? [];
  if (unused !== undefined) {
    throw new ConfigError(
      `${VARIABLE}_${unused}`,
      `is set, but no MongoDB is named, so nothing would use it. Set ${VARIABLE}_URL to its host, or remove this.`,
    );
  }
}

type Limits = Pick<MongodbStore, 'timeoutMs' | 'maxPoolSize' | 'minPoolSize'>;

function readLimits(url: string, settings: DatabaseSettings): Limits {
  const said = queryOf(url);
  const choose = (what: string, option: string, variable: number | undefined, otherwise: number): number => {
    const inUrl = said.get(option);
    refuse(what, variable !== undefined && inUrl !== undefined && Number(inUrl) !== variable);
    return variable ?? (inUrl === undefined ? otherwise : Number(inUrl));
  };
  const { mongodbMaxPoolSize, mongodbMinPoolSize, mongodbConnectionTimeoutMs: timeoutMs } = settings;
  const maxPoolSize = choose('MAX_POOL_SIZE', 'maxpoolsize', mongodbMaxPoolSize, DEFAULT_POOL_SIZE.max);
  const minPoolSize = choose('MIN_POOL_SIZE', 'minpoolsize', mongodbMinPoolSize, DEFAULT_POOL_SIZE.min);
  if (minPoolSize > maxPoolSize) {
    throw new ConfigError(`${VARIABLE}_MIN_POOL_SIZE`, `is larger than ${VARIABLE}_MAX_POOL_SIZE. Lower it.`);
  }
  for (const option of ['serverselectiontimeoutms', 'connecttimeoutms']) {
    choose('CONNECTION_TIMEOUT_MS', option, timeoutMs, 0);
  }
  return { timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, maxPoolSize, minPoolSize };
}

/** The options of a connection string, by their names in lower case: the driver takes them in any. */
export function queryOf(url: string): Map<string, string> {
  const query = new URLSearchParams(FULL_URL.exec(url)?.groups?.['query']);
  return new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
}

type Address = Pick<MongodbStore, 'url' | 'hosts' | 'database' | 'authSource'>;

function readHost(host: string, settings: DatabaseSettings): Address {
  const hosts = `${host}:${settings.mongodbPort ?? DEFAULT_PORT}`;
  return {
    url: `mongodb://${hosts}`,
    hosts,
    database: settings.mongodbDatabase ?? DEFAULT_DATABASE,
    ...(settings.mongodbUsername !== undefined && { authSource: settings.mongodbAuthSource ?? 'admin' }),
  };
}

/** The variables may add to a URL what it leaves open, and never say something else than it does. */
function readUrl(url: string, settings: DatabaseSettings): Address {
  const { credentials, hosts = '', database = '' } = FULL_URL.exec(url)?.groups ?? {};
  const { mongodbPort: port, mongodbUsername: username, mongodbDatabase, mongodbAuthSource } = settings;
  const authSource = queryOf(url).get('authsource');
  refuse('PORT', port !== undefined);
  refuse('USERNAME', username !== undefined && credentials !== undefined);
  refuse('DATABASE', mongodbDatabase !== undefined && database !== '' && database !== mongodbDatabase);
  refuse('AUTH_SOURCE', Boolean(mongodbAuthSource && authSource && authSource !== mongodbAuthSource));
  return {
    url,
    hosts,
    database: mongodbDatabase ?? (database || DEFAULT_DATABASE),
    ...(mongodbAuthSource !== undefined && { authSource: mongodbAuthSource }),
  };
}

function refuse(what: string, contradicts: boolean): void {
  if (contradicts) {
    throw new ConfigError(
      `${VARIABLE}_${what}`,
      'is set, but the URL says that already. Say it in one place.',
    );
  }
}

function readCredentials({
  mongodbUsername: username,
  mongodbPassword: password,
}: DatabaseSettings): MongodbStore['credentials'] {
  if (username === undefined && password === undefined) {
    return undefined;
  }
  if (username === undefined || password === undefined) {
    const [missing, given] = username === undefined ? ['USERNAME', 'PASSWORD'] : ['PASSWORD', 'USERNAME'];
    throw new ConfigError(`${VARIABLE}_${missing}`, `is missing, but ${VARIABLE}_${given} is set. Set both.`);
  }
  return { username, password };
}

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { ConfigError } from './config.error.js';
import type { DatabaseSettings } from './database.settings.js';

const VARIABLE = 'AI_GATEWAY_DATABASE_URL';
const DEFAULT_PORT = 3306;
/** As MySQL's own clients call them: what of the server's certificate is checked. */
const TLS_MODES: Readonly<Record<string, Omit<Tls, 'ca'> | null>> = {
  DISABLED: null,
  REQUIRED: { rejectUnauthorized: false, verifyIdentity: false },
  VERIFY_CA: { rejectUnauthorized: true, verifyIdentity: false },
  VERIFY_IDENTITY: { rejectUnauthorized: true, verifyIdentity: true },
};

interface Tls {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  /** PEM; the authorities that Node knows without it. */
  readonly ca?: string;
}

/** A MySQL or a MariaDB and how to talk to it. Holds secrets: never shown. */
export interface MysqlStore {
  readonly kind: 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database: string;
  /** Without it nothing is encrypted. */
  readonly tls?: Tls;
  /** `host:port`: for messages. */
  readonly hosts: string;
  /** For a connection, and for any question on the path of a call. */
  readonly timeoutMs: number;
  readonly maxPoolSize: number;
}

/** @throws ConfigError when the URL names no database, or says something that nothing here knows */
export function readMysql(text: string, settings: DatabaseSettings): MysqlStore {
  const url = new URL(text);
  const port = Number(url.port || DEFAULT_PORT);
  const database = decoded(url.pathname.slice(1));
  if (database === '' || database.includes('/')) {
    throw new ConfigError(VARIABLE, 'names no database. Write mysql://USER:PASSWORD@HOST/DATABASE.');
  }
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1');
  const tls = readTls(url.searchParams);
  if (tls?.verifyIdentity && isIP(host)) {
    // The driver would look for the name `localhost` in the certificate.
    throw new ConfigError(VARIABLE, 'has an address as host, but ssl-mode=VERIFY_IDENTITY needs a name.');
  }
  return {
    kind: 'mysql',
    host,
    port,
    ...(url.username && { user: decoded(url.username) }),
    ...(url.password && { password: decoded(url.password) }),
    database,
    ...(tls && { tls }),
    hosts: `${url.hostname}:${port}`,
    timeoutMs: settings.mysqlConnectionTimeoutMs,
    maxPoolSize: settings.mysqlMaxPoolSize,
  };
}

function readTls(options: URLSearchParams): Tls | null {
  const { 'ssl-mode': mode = 'DISABLED', 'ssl-ca': file, ...others } = Object.fromEntries(options);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new ConfigError(VARIABLE, `has the option ${unknown}. Only ssl-mode and ssl-ca are known.`);
  }
  const checks = TLS_MODES[mode.toUpperCase()];
  if (checks === undefined) {
    const known = Object.keys(TLS_MODES).join(', ');
    throw new ConfigError(VARIABLE, `has an ssl-mode that is not known. It must be one of ${known}.`);
  }
  if (file !== undefined && !checks?.rejectUnauthorized) {
    throw new ConfigError(VARIABLE, 'has ssl-ca, which nothing would use. Add ssl-mode=VERIFY_IDENTITY.');
  }
  return checks && { ...checks, ...(file !== undefined && { ca: readCa(file) }) };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(VARIABLE, `has an ssl-ca that cannot be read (${code}). Correct the path.`);
  }
}

/** @throws ConfigError */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ConfigError(VARIABLE, 'is not percent-encoded. Write % as %25.');
  }
}

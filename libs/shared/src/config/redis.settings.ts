import { IsIn, IsOptional, Matches } from 'class-validator';
import { ConfigError } from './config.error.js';
import { DatabaseSettings } from './database.settings.js';
import { Setting } from './setting.decorator.js';
import { storeOf } from './store.js';

const VARIABLE = 'AI_GATEWAY_REDIS_URL';
const DEFAULT_PORT = 6379;

/** What several gateways share besides the store. */
export class RedisSettings extends DatabaseSettings {
  /** A Redis or a Valkey; without it gateways count in their store, and one with an embedded store in its memory. */
  @Setting(
    VARIABLE,
    'a redis:// or rediss:// URL, such as redis://127.0.0.1:6379/0, whose user and password are percent-encoded',
  )
  @IsOptional()
  @Matches(/^rediss?:\/\/([^@/?#\s]+@)?([\w.-]+|\[[\da-fA-F:]+\])(:\d{1,5})?(\/\d{0,3})?$/)
  readonly redisUrl?: string;

  /** What limits do while what they are counted in is away: each gateway counts alone, or limited calls are refused. */
  @Setting('AI_GATEWAY_LIMITS_ON_OUTAGE', 'open or closed')
  @IsIn(['open', 'closed'])
  readonly limitsOnOutage: 'open' | 'closed' = 'open';
}

/** A Redis or a Valkey and how to talk to it. Holds secrets: never shown. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  /** Number of the database. */
  readonly database: number;
  readonly isTls: boolean;
}

/** @throws ConfigError when the URL cannot be used */
export function redisOf(settings: RedisSettings): RedisServer | null {
  const { redisUrl, limitsOnOutage } = settings;
  if (redisUrl !== undefined) {
    return readRedis(redisUrl);
  }
  if (limitsOnOutage === 'closed' && storeOf(settings).kind === 'sqlite') {
    throw new ConfigError(
      'AI_GATEWAY_LIMITS_ON_OUTAGE',
      `is closed, but without a Redis or a database server nothing can be away. Set ${VARIABLE}, or remove this.`,
    );
  }
  return null;
}

function readRedis(text: string): RedisServer {
  if (!URL.canParse(text)) {
    throw new ConfigError(VARIABLE, 'names a host or a port that there cannot be. Correct it.');
  }
  const url = new URL(text);
  return {
    host: url.hostname.replace(/^\[(.+)\]$/, '$1'),
    port: Number(url.port || DEFAULT_PORT),
    ...(url.username && { user: decoded(url.username) }),
    ...(url.password && { password: decoded(url.password) }),
    database: Number(url.pathname.slice(1)),
    isTls: url.protocol === 'rediss:',
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ConfigError(VARIABLE, 'is not percent-encoded. Write % as %25.');
  }
}

import { Transform } from 'class-transformer';
import {
  ArrayUnique,
  IsIn,
  IsInstance,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { AddressSet } from '../net/address-set.js';
import {
  isEgressEntry,
  isOrigin,
  MAX_TIMER_MS,
  Satisfies,
  toAddressSet,
  toInteger,
  toList,
} from './config.values.js';
import { redisOf, type RedisServer } from './redis.settings.js';
import { Setting } from './setting.decorator.js';
import { type Store, storeOf } from './store.js';
import { TelemetrySettings } from './telemetry.settings.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Base URL and key of one vendor, as configured. */
export interface ProviderSettings {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

/**
 * Every setting of the gateway, validated at the start. This class and its reader are the only readers of the
 * environment; `.env.example` lists the same variables.
 */
export class Config extends TelemetrySettings {
  @Setting('AI_GATEWAY_ENVIRONMENT', 'one word: development, production, …')
  @Matches(/^[a-z][a-z0-9-]*$/)
  readonly environment: string = 'development';

  @Setting('AI_GATEWAY_SERVER_HOST', 'an address to listen on, such as 127.0.0.1 or 0.0.0.0')
  @IsNotEmpty()
  readonly host: string = '127.0.0.1';

  @Setting('AI_GATEWAY_SERVER_PORT', 'a port between 0 and 65535')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 3001;

  @Setting('AI_GATEWAY_SERVER_BODY_LIMIT_BYTES', 'a whole number of bytes, at least 1024')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1024)
  readonly bodyLimitBytes: number = 48 * MIB;

  /** Size of a body that is not kept but streamed on to a vendor. */
  @Setting('AI_GATEWAY_SERVER_UPLOAD_LIMIT_BYTES', 'a whole number of bytes, at least 1024')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1024)
  readonly uploadLimitBytes: number = 512 * MIB;

  /** Size of the head of a request, its URL included. */
  @Setting('AI_GATEWAY_SERVER_HEADER_LIMIT_BYTES', 'a whole number of bytes, at least 1024')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1024)
  readonly headerLimitBytes: number = 16 * KIB;

  @Setting('AI_GATEWAY_SERVER_HEADER_LIMIT_COUNT', 'a whole number, at least 10')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(10)
  readonly headerLimitCount: number = 100;

  /** How long a caller may take to send its head, to shake hands, and to send a body where those are small, in ms. */
  @Setting('AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS', 'a whole number of ms, at least 100')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(100)
  @Max(MAX_TIMER_MS)
  readonly headersTimeoutMs: number = 30_000;

  /** How long a caller may take to send a whole request, in ms: large files over slow lines are legitimate. */
  @Setting(
    'AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS',
    'a whole number of ms, not less than the one for headers; 0 is for ever',
  )
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MAX_TIMER_MS)
  readonly requestTimeoutMs: number = 1_800_000;

  /** How long a connection may idle, in ms: longer than a load balancer in front keeps its own (60 s, most often). */
  @Setting('AI_GATEWAY_SERVER_KEEP_ALIVE_TIMEOUT_MS', 'a whole number of ms, at least 100')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(100)
  @Max(MAX_TIMER_MS)
  readonly keepAliveTimeoutMs: number = 65_000;

  @Setting(
    'AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS',
    'a whole number of ms: how long open answers may take to finish',
  )
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MAX_TIMER_MS)
  readonly shutdownTimeoutMs: number = 20_000;

  @Setting('AI_GATEWAY_DATA_DIR', 'a folder the gateway may create and write')
  @IsNotEmpty()
  readonly dataDir: string = './data';

  /** What of usage records may wait in the data folder while the store is down. */
  @Setting('AI_GATEWAY_SPOOL_LIMIT_BYTES', 'a whole number of bytes, at least 1048576')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(MIB)
  readonly spoolLimitBytes: number = 1024 * MIB;

  /** What usage records outlive: the process, or a loss of power, too. */
  @Setting('AI_GATEWAY_SPOOL_DURABILITY', 'process or power')
  @IsIn(['process', 'power'])
  readonly spoolDurability: string = 'process';

  /** PEM file of the certificate and its chain; with the key, the gateway speaks TLS itself. */
  @Setting('AI_GATEWAY_TLS_CERT_FILE', 'the path of a PEM file')
  @IsOptional()
  @IsNotEmpty()
  readonly tlsCertFile?: string;

  @Setting('AI_GATEWAY_TLS_KEY_FILE', 'the path of a PEM file')
  @IsOptional()
  @IsNotEmpty()
  readonly tlsKeyFile?: string;

  /** Proxies whose `X-Forwarded-For` is believed. */
  @Setting(
    'AI_GATEWAY_TRUSTED_PROXIES',
    'a list of addresses, networks such as 10.0.0.0/8, or loopback, with commas',
  )
  @Transform(({ value }) => toAddressSet(value))
  @IsInstance(AddressSet)
  readonly trustedProxies: AddressSet = new AddressSet();

  /** Web pages of these origins may call from a browser. */
  @Setting('AI_GATEWAY_CORS_ORIGINS', 'a list of origins such as https://app.example.com with commas, or *')
  @Transform(({ value }) => toList(value))
  @Satisfies(isOrigin)
  readonly corsOrigins: readonly string[] = [];

  /** What URLs of callers may reach although it is not the public internet. */
  @Setting('AI_GATEWAY_EGRESS_ALLOW', 'a list of host names, addresses or networks with commas')
  @Transform(({ value }) => toList(value))
  @Satisfies(isEgressEntry)
  readonly egressAllow: readonly string[] = [];

  /** `id:key`, the active one first; the others open what they sealed. Key ids never repeat. */
  @Setting(
    'AI_GATEWAY_SECURITY_ENCRYPTION_KEYS',
    'a list of id:key with commas, the active one first, each id once, each key 32 bytes in base64',
  )
  @Transform(({ value }) => toList(value))
  @Matches(/^[a-z0-9][a-z0-9-]{0,31}:[A-Za-z0-9+/_-]{43}=?$/, { each: true })
  @ArrayUnique((entry: string) => entry.split(':')[0])
  readonly encryptionKeys: readonly string[] = [];

  /** AES-256 key, 32 bytes in base64. */
  @Setting(
    'AI_GATEWAY_SECURITY_ENCRYPTION_KEY',
    '32 bytes in base64; make one with `openssl rand -base64 32`',
    ['PROJECT_API_KEY_ENCRYPTION_KEY'],
  )
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9+/_-]{43}=?$/)
  readonly encryptionKey?: string;

  @Setting(
    'AI_GATEWAY_ADMIN_KEY',
    'at least 32 letters, digits or signs of ASCII; make one with `openssl rand -hex 32`',
  )
  @IsOptional()
  @Matches(/^[\x21-\x7e]{32,}$/)
  readonly adminKey?: string;

  /** How long a deleted project can be restored, in ms. */
  @Setting('AI_GATEWAY_PROJECT_GRACE_MS', 'a whole number of ms, at least 0')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  readonly projectGraceMs: number = 7 * 24 * 3_600_000;

  @Setting('AI_GATEWAY_LOG_LEVEL', 'one of fatal, error, warn, info, debug, trace, silent')
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly logLevel: string = 'info';

  /** How long a vendor may take until its first byte, and between two bytes of its answer, in ms. */
  @Setting('AI_GATEWAY_UPSTREAM_TIMEOUT_MS', 'a whole number of ms, at least 100')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(100)
  @Max(MAX_TIMER_MS)
  readonly upstreamTimeoutMs: number = 600_000;

  /** Silence after which a stream sends a comment, so that no proxy cuts it, in ms. */
  @Setting('AI_GATEWAY_STREAM_PING_MS', 'a whole number of ms, at least 100')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(100)
  @Max(MAX_TIMER_MS)
  readonly streamPingMs: number = 15_000;

  /** How often targets that are left alone are asked by the gateway itself whether they answer again, in ms; 0: never. */
  @Setting('AI_GATEWAY_ROUTING_PROBE_MS', 'a whole number of ms; 0 probes nothing')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  @Max(MAX_TIMER_MS)
  readonly routingProbeMs: number = 0;

  @Setting('AI_GATEWAY_AUDIO_FILE_LIMIT_BYTES', 'a whole number of bytes, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  readonly fileLimitBytes: number = 25 * MIB;

  /** Who may call `/{vendor}/*`. With the gateway's key all projects see what any of them keeps at the vendor. */
  @Setting('AI_GATEWAY_VENDOR_PATHS', 'all, own-keys or off')
  @IsIn(['all', 'own-keys', 'off'])
  readonly vendorPaths: string = 'all';

  /** JSON file of prices that go before the price book's. */
  @Setting('AI_GATEWAY_PRICES_FILE', 'the path of a JSON file')
  @IsOptional()
  @IsNotEmpty()
  readonly pricesFile?: string;

  /** JSON file of what models can do, before our own table. */
  @Setting('AI_GATEWAY_MODELS_FILE', 'the path of a JSON file')
  @IsOptional()
  @IsNotEmpty()
  readonly modelsFile?: string;

  /** `auto`: vendors on localhost answer when no vendor key is configured. Never in production. */
  @Setting('AI_GATEWAY_SIMULATOR', 'auto or off')
  @IsIn(['auto', 'off'])
  readonly simulatorMode: string = 'auto';

  @Setting('AI_GATEWAY_SIMULATOR_PORT', 'a port between 1 and 65535')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly simulatorPort: number = 3002;

  /** By vendor id, lower case with dashes: `AI_GATEWAY_PROVIDERS_MY_VLLM_BASE_URL` is `my-vllm`. */
  readonly providers: ReadonlyMap<string, ProviderSettings> = new Map();

  /** Plain environment variables that vendors are known by (`OPENAI_API_KEY`, `HF_TOKEN`, `AWS_REGION`, …), empty ones left out. */
  readonly vendorVariables: Readonly<Record<string, string>> = {};

  get store(): Store {
    return storeOf(this);
  }

  /** Null: nothing is shared but the store. */
  get redis(): RedisServer | null {
    return redisOf(this);
  }

  get isProduction(): boolean {
    return this.environment === 'production';
  }

  /** The gateway terminates TLS itself. */
  get isTls(): boolean {
    return this.tlsCertFile !== undefined && this.tlsKeyFile !== undefined;
  }
}

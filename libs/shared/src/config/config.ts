import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, Min, MinLength } from 'class-validator';
import { Setting } from './setting.decorator.js';

const MIB = 1024 * 1024;

/** Base URL and key of one vendor, as configured. */
export interface ProviderSettings {
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

/**
 * Every setting of the gateway, validated at the start. This class and its reader are the only readers of the
 * environment; `.env.example` lists the same variables.
 */
export class Config {
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

  @Setting(
    'AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS',
    'a whole number of ms: how long open answers may take to finish',
  )
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(0)
  readonly shutdownTimeoutMs: number = 20_000;

  @Setting('AI_GATEWAY_DATA_DIR', 'a folder the gateway may create and write')
  @IsNotEmpty()
  readonly dataDir: string = './data';

  /** Without it the store lives in the data folder, wherever that is. */
  @Setting('AI_GATEWAY_DATABASE_URL', 'sqlite:PATH, such as sqlite:./data/gateway.db')
  @Matches(/^sqlite:.+/)
  readonly databaseUrl: string = 'sqlite:./data/gateway.db';

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

  @Setting('AI_GATEWAY_ADMIN_KEY', 'at least 16 characters')
  @IsOptional()
  @MinLength(16)
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
  readonly upstreamTimeoutMs: number = 600_000;

  /** Silence after which a stream sends a comment, so that no proxy cuts it, in ms. */
  @Setting('AI_GATEWAY_STREAM_PING_MS', 'a whole number of ms, at least 100')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(100)
  readonly streamPingMs: number = 15_000;

  @Setting('AI_GATEWAY_AUDIO_FILE_LIMIT_BYTES', 'a whole number of bytes, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  readonly fileLimitBytes: number = 25 * MIB;

  /** JSON file of prices that go before the price book's. */
  @Setting('AI_GATEWAY_PRICES_FILE', 'the path of a JSON file')
  @IsOptional()
  @IsNotEmpty()
  readonly pricesFile?: string;

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

  /** Plain environment variables that vendors are known by (`OPENAI_API_KEY`, …), empty ones left out. */
  readonly vendorVariables: Readonly<Record<string, string>> = {};

  get isProduction(): boolean {
    return this.environment === 'production';
  }
}

/** NaN for anything but a plain whole number, so that `1e3`, `0x10` or `3001abc` never pass by accident. */
function toInteger(value: unknown): unknown {
  return typeof value === 'string' ? (/^\d+$/.test(value.trim()) ? Number(value) : Number.NaN) : value;
}

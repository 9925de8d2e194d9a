import { encryptionKey } from '../../../../test/support/encryption-key.js';
import { allSettings } from './setting.decorator.js';
import { ConfigError } from './config.error.js';
import { type Environment, readConfig } from './config.reader.js';

const KEY = encryptionKey(7);

describe('the configuration', () => {
  it('needs no variable', () => {
    const config = readConfig({});

    expect(config).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 3001,
      databaseUrl: 'sqlite:./data/gateway.db',
      isProduction: false,
    });
    expect(config.providers.size).toBe(0);
  });

  it.each([
    ['AI_GATEWAY_ENVIRONMENT', 'Not A Word'],
    ['AI_GATEWAY_ENVIRONMENT', 'Production'],
    ['AI_GATEWAY_ENVIRONMENT', 'PROD'],
    ['AI_GATEWAY_SERVER_PORT', '70000'],
    ['AI_GATEWAY_SERVER_PORT', '3001abc'],
    ['AI_GATEWAY_SERVER_PORT', '1e3'],
    ['AI_GATEWAY_SERVER_PORT', '-1'],
    ['AI_GATEWAY_SERVER_BODY_LIMIT_BYTES', '1023'],
    ['AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS', '1.5'],
    ['AI_GATEWAY_SERVER_HEADER_LIMIT_BYTES', '1000'],
    ['AI_GATEWAY_SERVER_HEADER_LIMIT_COUNT', '9'],
    ['AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS', '99'],
    ['AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS', '-1'],
    ['AI_GATEWAY_SERVER_KEEP_ALIVE_TIMEOUT_MS', 'never'],
    ['AI_GATEWAY_SPOOL_LIMIT_BYTES', '1048575'],
    ['AI_GATEWAY_SPOOL_DURABILITY', 'disk'],
    ['AI_GATEWAY_TRUSTED_PROXIES', '10.9.0.0/33'],
    ['AI_GATEWAY_TRUSTED_PROXIES', 'loopback,,10.9.0.0/16'],
    ['AI_GATEWAY_CORS_ORIGINS', 'https://a.example/path'],
    ['AI_GATEWAY_EGRESS_ALLOW', '10.9.0.0/99'],
    ['AI_GATEWAY_EGRESS_ALLOW', 'http://inside'],
    ['AI_GATEWAY_SECURITY_ENCRYPTION_KEYS', `no.dots:${KEY}`],
    ['AI_GATEWAY_SECURITY_ENCRYPTION_KEYS', 'short:c2hvcnQ='],
    ['AI_GATEWAY_SECURITY_ENCRYPTION_KEYS', `twice:${KEY},twice:${KEY}`],
    ['AI_GATEWAY_DATABASE_URL', 'mysqlx://user:pass-9137@db/hub'],
    ['AI_GATEWAY_DATABASE_URL', 'mysql://user:p@ss-9137@db/hub'],
    ['AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS', '9'],
    ['AI_GATEWAY_DATABASE_MYSQL_MAX_POOL_SIZE', '0'],
    ['AI_GATEWAY_REDIS_URL', 'http://cache:6379'],
    ['AI_GATEWAY_REDIS_URL', 'redis://:p@ss-9137@cache'],
    ['AI_GATEWAY_REDIS_URL', 'redis://cache/main'],
    ['AI_GATEWAY_LIMITS_ON_OUTAGE', 'ajar'],
    ['AI_GATEWAY_DATABASE_URL', 'mongodb://user:p@ss-9137@db/hub'],
    ['AI_GATEWAY_DATABASE_MONGODB_URL', 'db:27017'],
    ['AI_GATEWAY_DATABASE_MONGODB_URL', 'mongodb:///hub'],
    ['AI_GATEWAY_DATABASE_MONGODB_URL', 'mongodb://user:p/ss-9137@db/hub'],
    ['AI_GATEWAY_DATABASE_MONGODB_PORT', '0'],
    ['AI_GATEWAY_DATABASE_MONGODB_DATABASE', 'a.b'],
    ['AI_GATEWAY_DATABASE_MONGODB_AUTH_SOURCE', 'a b'],
    ['AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS', '9'],
    ['AI_GATEWAY_DATABASE_MONGODB_MAX_POOL_SIZE', '0'],
    ['AI_GATEWAY_DATABASE_MONGODB_MIN_POOL_SIZE', 'few'],
    ['AI_GATEWAY_SECURITY_ENCRYPTION_KEY', 'c2hvcnQ='],
    ['PROJECT_API_KEY_ENCRYPTION_KEY', Buffer.alloc(33, 1).toString('base64')],
    ['AI_GATEWAY_ADMIN_KEY', 'thirty-one-letters-are-too-few!'],
    ['AI_GATEWAY_LOG_LEVEL', 'loud'],
    ['AI_GATEWAY_UPSTREAM_TIMEOUT_MS', '99'],
    ['AI_GATEWAY_ROUTING_PROBE_MS', '-1'],
    ['AI_GATEWAY_STREAM_PING_MS', 'soon'],
    ['AI_GATEWAY_REALTIME_SESSION_MS', '999'],
    ['AI_GATEWAY_AUDIO_FILE_LIMIT_BYTES', '0'],
    ['AI_GATEWAY_SIMULATOR', 'always'],
    ['AI_GATEWAY_SIMULATOR_PORT', '0'],
    ['AI_GATEWAY_PROVIDERS_MY_VLLM_BASE_URL', 'ftp://somewhere-else'],
    ['AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL', 'no-url-at-all'],
  ])('names %s when it is wrong, and never shows the value', (variable, value) => {
    const { message } = errorOf({ [variable]: value });
    expect(message.startsWith(`${variable} is not valid. It must be `)).toBe(true);
    expect(message).not.toContain(value);
    expect(message).not.toContain('\n');
  });

  it('reads every setting from its variable', () => {
    const given: Record<string, string> = {
      AI_GATEWAY_DATABASE_POSTGRES_CONNECTION_TIMEOUT_MS: '107',
      AI_GATEWAY_DATABASE_POSTGRES_MAX_POOL_SIZE: '108',
      AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS: '109',
      AI_GATEWAY_DATABASE_MYSQL_MAX_POOL_SIZE: '110',
      AI_GATEWAY_DATABASE_MONGODB_URL: 'db.example',
      AI_GATEWAY_DATABASE_MONGODB_PORT: '27018',
      AI_GATEWAY_DATABASE_MONGODB_USERNAME: 'gateway',
      AI_GATEWAY_DATABASE_MONGODB_PASSWORD: 'p@ss:w/rd',
      AI_GATEWAY_DATABASE_MONGODB_DATABASE: 'hub',
      AI_GATEWAY_DATABASE_MONGODB_AUTH_SOURCE: '$external',
      AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS: '250',
      AI_GATEWAY_DATABASE_MONGODB_MAX_POOL_SIZE: '50',
      AI_GATEWAY_DATABASE_MONGODB_MIN_POOL_SIZE: '2',
      AI_GATEWAY_REDIS_URL: 'rediss://gateway:p%40ss@cache.example:6380/2',
      AI_GATEWAY_LIMITS_ON_OUTAGE: 'closed',
      AI_GATEWAY_RESPONSES_TTL_MS: '86400000',
      AI_GATEWAY_RESPONSES_LIMIT_BYTES: '4194304',
      AI_GATEWAY_IDEMPOTENCY_TTL_MS: '3600000',
      AI_GATEWAY_RETENTION_USAGE_DAYS: '90',
      AI_GATEWAY_RETENTION_LABEL_DAYS: '60',
      AI_GATEWAY_RETENTION_DECISION_DAYS: '30',
      AI_GATEWAY_RETENTION_AUDIT_DAYS: '365',
      AI_GATEWAY_CACHE_MEMORY_BYTES: '0',
      AI_GATEWAY_CACHE_ENTRY_BYTES: '103',
      AI_GATEWAY_CACHE_STORE: 'redis',
      AI_GATEWAY_REALTIME_SESSION_MS: '1001',
      AI_GATEWAY_REALTIME_TRANSCRIBER: 'groq/whisper-large-v3,openai/whisper-1',
      AI_GATEWAY_REALTIME_SPEAKER: 'elevenlabs/eleven_flash_v2_5',
      AI_GATEWAY_REALTIME_VOICE: 'Rachel',
      AI_GATEWAY_REALTIME_SILENCE_MS: '5000',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otlp.example/spans',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://otlp.example/numbers',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20k,x-team=a',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TIMEOUT: '111',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_BSP_SCHEDULE_DELAY: '112',
      OTEL_METRIC_EXPORT_INTERVAL: '113',
      OTEL_SERVICE_NAME: 'hub',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=7',
      OTEL_SDK_DISABLED: 'true',
      AI_GATEWAY_ENVIRONMENT: 'staging',
      AI_GATEWAY_SERVER_HOST: '0.0.0.0',
      AI_GATEWAY_SERVER_PORT: '0',
      AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '2048',
      AI_GATEWAY_SERVER_UPLOAD_LIMIT_BYTES: '4096',
      AI_GATEWAY_SERVER_HEADER_LIMIT_BYTES: '2049',
      AI_GATEWAY_SERVER_HEADER_LIMIT_COUNT: '50',
      AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS: '104',
      AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS: '105',
      AI_GATEWAY_SERVER_KEEP_ALIVE_TIMEOUT_MS: '106',
      AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS: '0',
      AI_GATEWAY_DATA_DIR: '/srv/hub',
      AI_GATEWAY_SPOOL_LIMIT_BYTES: '1048577',
      AI_GATEWAY_SPOOL_DURABILITY: 'power',
      AI_GATEWAY_TLS_CERT_FILE: './tls.crt',
      AI_GATEWAY_TLS_KEY_FILE: './tls.key',
      AI_GATEWAY_TRUSTED_PROXIES: 'loopback,10.0.0.0/8,2001:db8::1',
      AI_GATEWAY_CORS_ORIGINS: 'https://a.example,http://localhost:5173',
      AI_GATEWAY_EGRESS_ALLOW: 'files.internal,10.0.0.7,fd00::/8',
      AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `new:${KEY},old:${KEY}`,
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: KEY,
      AI_GATEWAY_ADMIN_KEY: 'k'.repeat(32),
      AI_GATEWAY_PROJECT_GRACE_MS: '3600000',
      AI_GATEWAY_LOG_LEVEL: 'debug',
      AI_GATEWAY_UPSTREAM_TIMEOUT_MS: '100',
      AI_GATEWAY_STREAM_PING_MS: '101',
      AI_GATEWAY_ROUTING_PROBE_MS: '5000',
      AI_GATEWAY_AUDIO_FILE_LIMIT_BYTES: '102',
      AI_GATEWAY_VENDOR_PATHS: 'own-keys',
      AI_GATEWAY_PRICES_FILE: './prices.json',
      AI_GATEWAY_MODELS_FILE: './models.json',
      AI_GATEWAY_SIMULATOR: 'off',
      AI_GATEWAY_SIMULATOR_PORT: '103',
    };
    const config: object = readConfig(given);

    const others = allSettings().filter(({ variable }) => variable !== 'AI_GATEWAY_DATABASE_URL'); // names another store

    expect(
      others.map(({ property, variable }) => [
        variable,
        String((config as Record<string, unknown>)[property]),
      ]),
    ).toEqual(Object.entries(given));
  });

  it('keeps the store in the data folder unless it is told where', () => {
    expect(readConfig({ AI_GATEWAY_DATA_DIR: '/srv/hub' }).databaseUrl).toBe('sqlite:/srv/hub/gateway.db');
  });

  it('takes an alias, but its own name first, and an empty variable for none', () => {
    const other = encryptionKey(8);

    expect(readConfig({ PROJECT_API_KEY_ENCRYPTION_KEY: KEY }).encryptionKey).toBe(KEY);
    expect(
      readConfig({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: other, PROJECT_API_KEY_ENCRYPTION_KEY: KEY }),
    ).toMatchObject({ encryptionKey: other });
    expect(
      readConfig({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: '', PROJECT_API_KEY_ENCRYPTION_KEY: KEY }),
    ).toMatchObject({ encryptionKey: KEY });
  });

  it.each([0, 1, 255].map(byte => Buffer.alloc(32, byte).toString('base64')))(
    'takes no key of equal bytes to seal with: %s',
    value => {
      for (const [variable, set] of [
        ['AI_GATEWAY_SECURITY_ENCRYPTION_KEY', value],
        ['PROJECT_API_KEY_ENCRYPTION_KEY', value],
        ['AI_GATEWAY_SECURITY_ENCRYPTION_KEYS', `a:${value},b:${KEY}`],
      ] as const) {
        const { message } = errorOf({ [variable]: set });

        expect(message).toMatch(new RegExp(`^${variable} is no secret: .*openssl rand -base64 32.*\\.$`));
        expect(message).not.toContain(value);
      }
    },
  );

  it('lets such a key open what it sealed, so that it can be replaced', () => {
    const AI_GATEWAY_SECURITY_ENCRYPTION_KEY = Buffer.alloc(32).toString('base64');
    const AI_GATEWAY_SECURITY_ENCRYPTION_KEYS = `new:${KEY}`;

    expect(
      readConfig({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS, AI_GATEWAY_SECURITY_ENCRYPTION_KEY }),
    ).toMatchObject({ encryptionKey: AI_GATEWAY_SECURITY_ENCRYPTION_KEY });
  });

  it('makes up no encryption key in production', () => {
    expect(errorOf({ AI_GATEWAY_ENVIRONMENT: 'production' }).message).toMatch(
      /^AI_GATEWAY_SECURITY_ENCRYPTION_KEY is missing, .*openssl rand/,
    );
  });

  it('does not speak plain HTTP to the world in production', () => {
    const production = {
      AI_GATEWAY_ENVIRONMENT: 'production',
      AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `a:${KEY}`,
    };
    const tls = { AI_GATEWAY_TLS_CERT_FILE: 'a.crt', AI_GATEWAY_TLS_KEY_FILE: 'a.key' };

    expect(errorOf(production).message).toMatch(
      /^AI_GATEWAY_TLS_CERT_FILE is missing, .*or name the proxies .* in AI_GATEWAY_TRUSTED_PROXIES\.$/,
    );
    expect(readConfig({ ...production, ...tls })).toMatchObject({ isProduction: true, isTls: true });
    expect(readConfig({ ...production, AI_GATEWAY_TRUSTED_PROXIES: 'loopback' })).toMatchObject({
      isProduction: true,
      isTls: false,
    });
  });

  it.each(['0.0.0.0/0', '10.0.0.1,::/0', '0.0.0.0/1,128.0.0.0/1', '2000::/3'])(
    'does not trust %s in production',
    proxies => {
      const env = {
        AI_GATEWAY_ENVIRONMENT: 'production',
        AI_GATEWAY_SECURITY_ENCRYPTION_KEY: KEY,
        AI_GATEWAY_TRUSTED_PROXIES: proxies,
      };

      expect(errorOf(env).message).toMatch(/^AI_GATEWAY_TRUSTED_PROXIES trusts strangers: .*\.$/);
      expect(
        readConfig({ ...env, AI_GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8,fc00::/7,loopback' }),
      ).toBeDefined();
      expect(readConfig({ AI_GATEWAY_TRUSTED_PROXIES: proxies })).toBeDefined();
    },
  );

  it.each(['prod', 'prd', 'live', 'prod-eu', 'production-2'])('refuses %s, which is not production', name => {
    expect(errorOf({ AI_GATEWAY_ENVIRONMENT: name }).message).toMatch(
      /^AI_GATEWAY_ENVIRONMENT is not 'production', .* Write production\.$/,
    );
  });

  it.each(['staging', 'test', 'product-demo', 'lively'])('takes the name %s', name => {
    expect(readConfig({ AI_GATEWAY_ENVIRONMENT: name }).isProduction).toBe(false);
  });

  it('names the missing half of what goes together', () => {
    expect(errorOf({ AI_GATEWAY_TLS_CERT_FILE: 'a' }).message).toMatch(/^AI_GATEWAY_TLS_KEY_FILE is missing/);
    expect(errorOf({ AI_GATEWAY_TLS_KEY_FILE: 'a' }).message).toMatch(/^AI_GATEWAY_TLS_CERT_FILE is missing/);
    expect(errorOf({ AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS: '29999' }).message).toMatch(
      /^AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS is less than AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS/,
    );
  });
});

function errorOf(env: Environment): ConfigError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error;
    }
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

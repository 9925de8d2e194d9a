import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigError } from './config.error.js';
import { Config, type ProviderSettings } from './config.js';
import { refuseNoRedis } from './keeping.settings.js';
import { redisOf } from './redis.settings.js';
import { allSettings, type SettingInfo } from './setting.decorator.js';
import { storeOf } from './store.js';
import { isPlaceholder } from '../crypto/ring-key.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const PROVIDER = /^AI_GATEWAY_PROVIDERS_([A-Z0-9]+(?:_[A-Z0-9]+)*?)_(API_KEY|BASE_URL)$/;
const VENDOR_KEY = /^[A-Z0-9_]+_(API_KEY|TOKEN)$/;
const VENDOR_VARIABLES = new Set([
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_LOCATION',
]);

/**
 * Reads and checks every setting.
 *
 * @throws ConfigError naming the variable, what is wrong and the remedy, never the value
 */
export function readConfig(env: Environment): Config {
  const plain: Record<string, unknown> = {};
  for (const setting of allSettings()) {
    const name = nameInUse(setting, env);
    if (name !== undefined) {
      plain[setting.property] = env[name];
    }
  }
  refuseTwoStores(plain);
  if (plain['dataDir'] !== undefined) {
    plain['databaseUrl'] ??= `sqlite:${String(plain['dataDir'])}/gateway.db`;
  }
  // Not through class-transformer, which loses the values of a Map.
  const config = Object.assign(plainToInstance(Config, plain), {
    providers: readProviders(env),
    vendorVariables: readVendorVariables(env),
  });
  refuseWrong(config, env);
  refusePlaceholder(config, env);
  storeOf(config); // throws what it must at the start, as the next
  redisOf(config);
  refuseNoRedis(config);
  refuseUnsafe(config);
  return config;
}

/** Variables of ours that nothing reads: most likely a typing error, so the start says so. */
export function unknownVariables(env: Environment): string[] {
  const known = new Set(allSettings().flatMap(({ variable, aliases }) => [variable, ...aliases]));
  return Object.keys(env).filter(
    name => name.startsWith('AI_GATEWAY_') && !known.has(name) && !PROVIDER.test(name),
  );
}

/** The variable that a setting is read from: its own before an alias, empty ones count as not set. */
function nameInUse({ variable, aliases }: SettingInfo, env: Environment): string | undefined {
  return [variable, ...aliases].find(name => env[name] !== undefined && env[name] !== '');
}

function refuseTwoStores({ databaseUrl, mongodbUrl }: Record<string, unknown>): void {
  if (databaseUrl !== undefined && mongodbUrl !== undefined && databaseUrl !== mongodbUrl) {
    throw new ConfigError(
      'AI_GATEWAY_DATABASE_MONGODB_URL',
      'names another store than AI_GATEWAY_DATABASE_URL. Set one of the two.',
    );
  }
}

function refuseWrong(config: Config, env: Environment): void {
  const wrong = validateSync(config, { stopAtFirstError: true })[0];
  const setting = allSettings().find(({ property }) => property === wrong?.property);
  if (setting) {
    throw new ConfigError(
      nameInUse(setting, env) ?? setting.variable,
      `is not valid. It must be ${setting.expects}.`,
    );
  }
  for (const [id, { baseUrl }] of config.providers) {
    if (baseUrl !== undefined && !isHttpUrl(baseUrl)) {
      throw new ConfigError(
        `${providerVariable(id)}_BASE_URL`,
        'is not valid. It must be an http:// or https:// URL.',
      );
    }
  }
}

/**
 * The key that seals what is new must be a secret. Behind another one it may be none: a store that was sealed with it has
 * to open until it is encrypted anew.
 */
function refusePlaceholder({ encryptionKeys: [first], encryptionKey }: Config, env: Environment): void {
  const property = first === undefined ? 'encryptionKey' : 'encryptionKeys';
  const setting = allSettings().find(known => known.property === property);
  const key = first === undefined ? encryptionKey : first.split(':')[1];
  if (setting && key !== undefined && isPlaceholder(Buffer.from(key, 'base64'))) {
    throw new ConfigError(
      nameInUse(setting, env) ?? setting.variable,
      'is no secret: all its bytes are the same. Make one with `openssl rand -base64 32`; a store that was sealed with ' +
        'this one needs it behind the new one until it is encrypted anew (SECURITY.md, Encryption keys).',
    );
  }
}

/** Meant is production, but only that very word makes the start strict. */
const LIKE_PRODUCTION = /^(?:prod|production|prd|live)(?:-|$)/;

/** Settings that are right each by itself, and wrong together. */
function refuseUnsafe(config: Config): void {
  const { tlsCertFile, tlsKeyFile } = config;
  if ((tlsCertFile === undefined) !== (tlsKeyFile === undefined)) {
    throw new ConfigError(
      `AI_GATEWAY_TLS_${tlsCertFile === undefined ? 'CERT' : 'KEY'}_FILE`,
      'is missing. Set certificate and key both, or none.',
    );
  }
  const { headersTimeoutMs, requestTimeoutMs } = config;
  if (requestTimeoutMs > 0 && requestTimeoutMs < headersTimeoutMs) {
    throw new ConfigError(
      'AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS',
      'is less than AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS. Raise it, or set 0.',
    );
  }
  if (config.isProduction) {
    refuseUnsafeProduction(config);
  } else if (LIKE_PRODUCTION.test(config.environment)) {
    throw new ConfigError(
      'AI_GATEWAY_ENVIRONMENT',
      "is not 'production', though it looks like it, and would be as open as development. Write production.",
    );
  }
}

function refuseUnsafeProduction({ encryptionKey, encryptionKeys, isTls, trustedProxies }: Config): void {
  if (encryptionKey === undefined && encryptionKeys.length === 0) {
    throw new ConfigError(
      'AI_GATEWAY_SECURITY_ENCRYPTION_KEY',
      'is missing, and production makes none up. Set 32 bytes in base64: `openssl rand -base64 32`.',
    );
  }
  if (!isTls && trustedProxies.entries.length === 0) {
    throw new ConfigError(
      'AI_GATEWAY_TLS_CERT_FILE',
      'is missing, and production does not speak plain HTTP to the world. Set it and AI_GATEWAY_TLS_KEY_FILE, or ' +
        'name the proxies that terminate TLS in AI_GATEWAY_TRUSTED_PROXIES.',
    );
  }
  if (trustedProxies.tooLarge !== undefined) {
    throw new ConfigError(
      'AI_GATEWAY_TRUSTED_PROXIES',
      'trusts strangers: a network in it is larger than any private one. Name the proxies themselves.',
    );
  }
}

function readProviders(env: Environment): Map<string, ProviderSettings> {
  const providers = new Map<string, { apiKey?: string; baseUrl?: string }>();
  for (const [name, value] of Object.entries(env)) {
    const [, id, what] = PROVIDER.exec(name) ?? [];
    if (id === undefined || value === undefined || value === '') {
      continue;
    }
    const key = id.toLowerCase().replaceAll('_', '-');
    const settings = providers.get(key) ?? {};
    settings[what === 'API_KEY' ? 'apiKey' : 'baseUrl'] =
      what === 'BASE_URL' ? value.replace(/\/+$/, '') : value;
    providers.set(key, settings);
  }
  return providers;
}

function readVendorVariables(env: Environment): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const isOfVendor = VENDOR_VARIABLES.has(name) || VENDOR_KEY.test(name);
    if (isOfVendor && !name.startsWith('AI_GATEWAY_') && value) {
      found[name] = value;
    }
  }
  return found;
}

/** How the variables of a vendor begin: `my-vllm` is `AI_GATEWAY_PROVIDERS_MY_VLLM`. */
export function providerVariable(id: string): string {
  return `AI_GATEWAY_PROVIDERS_${id.toUpperCase().replaceAll('-', '_')}`;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

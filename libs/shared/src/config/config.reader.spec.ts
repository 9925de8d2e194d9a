import { allSettings } from './setting.decorator.js';
import { ConfigError } from './config.error.js';
import { type Environment, readConfig, unknownVariables } from './config.reader.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

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
    ['AI_GATEWAY_SERVER_PORT', '70000'],
    ['AI_GATEWAY_SERVER_PORT', '3001abc'],
    ['AI_GATEWAY_SERVER_PORT', '1e3'],
    ['AI_GATEWAY_SERVER_PORT', '-1'],
    ['AI_GATEWAY_SERVER_BODY_LIMIT_BYTES', '1023'],
    ['AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS', '1.5'],
    ['AI_GATEWAY_DATABASE_URL', 'postgres://user:pass-9137@db/hub'],
    ['AI_GATEWAY_SECURITY_ENCRYPTION_KEY', 'c2hvcnQ='],
    ['PROJECT_API_KEY_ENCRYPTION_KEY', Buffer.alloc(33, 1).toString('base64')],
    ['AI_GATEWAY_ADMIN_KEY', 'too-short'],
    ['AI_GATEWAY_LOG_LEVEL', 'loud'],
    ['AI_GATEWAY_UPSTREAM_TIMEOUT_MS', '99'],
    ['AI_GATEWAY_STREAM_PING_MS', 'soon'],
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
      AI_GATEWAY_ENVIRONMENT: 'staging',
      AI_GATEWAY_SERVER_HOST: '0.0.0.0',
      AI_GATEWAY_SERVER_PORT: '0',
      AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '2048',
      AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS: '0',
      AI_GATEWAY_DATA_DIR: '/srv/hub',
      AI_GATEWAY_DATABASE_URL: 'sqlite::memory:',
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: KEY,
      AI_GATEWAY_ADMIN_KEY: 'sixteen letters!',
      AI_GATEWAY_PROJECT_GRACE_MS: '3600000',
      AI_GATEWAY_LOG_LEVEL: 'debug',
      AI_GATEWAY_UPSTREAM_TIMEOUT_MS: '100',
      AI_GATEWAY_STREAM_PING_MS: '101',
      AI_GATEWAY_AUDIO_FILE_LIMIT_BYTES: '102',
      AI_GATEWAY_PRICES_FILE: './prices.json',
      AI_GATEWAY_SIMULATOR: 'off',
      AI_GATEWAY_SIMULATOR_PORT: '103',
    };
    const config: object = readConfig(given);

    expect(
      allSettings().map(({ property, variable }) => [
        variable,
        String((config as Record<string, unknown>)[property]),
      ]),
    ).toEqual(Object.entries(given));
  });

  it('keeps the store in the data folder unless it is told where', () => {
    expect(readConfig({ AI_GATEWAY_DATA_DIR: '/srv/hub' }).databaseUrl).toBe('sqlite:/srv/hub/gateway.db');
  });

  it('takes an alias, but its own name first, and an empty variable for none', () => {
    const other = Buffer.alloc(32, 8).toString('base64');

    expect(readConfig({ PROJECT_API_KEY_ENCRYPTION_KEY: KEY }).encryptionKey).toBe(KEY);
    expect(
      readConfig({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: other, PROJECT_API_KEY_ENCRYPTION_KEY: KEY }),
    ).toMatchObject({ encryptionKey: other });
    expect(
      readConfig({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: '', PROJECT_API_KEY_ENCRYPTION_KEY: KEY }),
    ).toMatchObject({ encryptionKey: KEY });
  });

  it('makes up no encryption key in production', () => {
    expect(errorOf({ AI_GATEWAY_ENVIRONMENT: 'production' }).message).toMatch(
      /^AI_GATEWAY_SECURITY_ENCRYPTION_KEY is missing, .*openssl rand/,
    );
    expect(
      readConfig({ AI_GATEWAY_ENVIRONMENT: 'production', AI_GATEWAY_SECURITY_ENCRYPTION_KEY: KEY })
        .isProduction,
    ).toBe(true);
  });

  it('collects vendors by id, and the variables that vendors are known by', () => {
    const config = readConfig({
      AI_GATEWAY_PROVIDERS_MY_VLLM_BASE_URL: 'http://gpu:8000/v1//',
      AI_GATEWAY_PROVIDERS_MY_VLLM_API_KEY: 'one',
      AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: '',
      GROQ_API_KEY: 'two',
      MISTRAL_API_KEY: '',
      HOME: '/root',
    });

    expect([...config.providers]).toEqual([['my-vllm', { baseUrl: 'http://gpu:8000/v1', apiKey: 'one' }]]);
    expect(config.vendorVariables).toEqual({ GROQ_API_KEY: 'two' });
  });

  it('finds variables of ours that nothing reads', () => {
    expect(
      unknownVariables({
        AI_GATEWAY_SERVER_PROT: '1',
        AI_GATEWAY_PROVIDERS_X_TOKEN: '1',
        AI_GATEWAY_PROVIDERS_X_API_KEY: '1',
        AI_GATEWAY_SERVER_PORT: '1',
        PATH: '1',
      }),
    ).toEqual(['AI_GATEWAY_SERVER_PROT', 'AI_GATEWAY_PROVIDERS_X_TOKEN']);
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

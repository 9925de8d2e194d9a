import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig } from '@app/shared';
import { encryptionKey } from '../../../test/support/encryption-key.js';
import { testServiceAccount } from '../../../test/support/service-account.js';
import { configuredVendors } from './catalog/vendors.js';
import { ProviderRegistry } from './provider.registry.js';

const PRODUCTION = {
  AI_GATEWAY_ENVIRONMENT: 'production',
  AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(1),
  AI_GATEWAY_TRUSTED_PROXIES: 'loopback',
};

function registryOf(env: Record<string, string> = {}) {
  const config = readConfig(env);
  return new ProviderRegistry(configuredVendors(config), config);
}

/** What the registry says of one vendor. */
function statusOf(id: string, env: Record<string, string> = {}) {
  const registry = registryOf(env);
  const vendor = registry.get(id);
  return vendor && { key: registry.gatewayKey(vendor), configured: registry.isConfigured(vendor) };
}

describe('the vendors that a gateway can reach', () => {
  it('are the simulator’s while nobody has configured one, local servers included', () => {
    expect(registryOf().isSimulated).toBe(true);
    expect(registryOf({ AI_GATEWAY_SIMULATOR: 'off' }).isSimulated).toBe(false);
    expect(registryOf(PRODUCTION).isSimulated).toBe(false);
  });

  it.each([
    ['a key', { GROQ_API_KEY: 'k' }],
    ['a token', { HF_TOKEN: 'k' }],
    ['the address of a local server', { AI_GATEWAY_PROVIDERS_OLLAMA_BASE_URL: 'http://10.0.0.5:11434/v1' }],
    ['the address of a server of one’s own', { AI_GATEWAY_PROVIDERS_MINE_BASE_URL: 'http://10.0.0.5/v1' }],
  ])('are real as soon as there is %s', (_, env) => {
    expect(registryOf(env).isSimulated).toBe(false);
  });

  it('need a key but for local servers, which count as configured with their address only', () => {
    expect(statusOf('groq')).toEqual({ key: undefined, configured: false });
    expect(statusOf('groq', { GROQ_API_KEY: 'k' })).toEqual({ key: 'k', configured: true });
    expect(statusOf('ollama')).toEqual({ key: '', configured: false });
    const addressed = { AI_GATEWAY_PROVIDERS_OLLAMA_BASE_URL: 'http://10.0.0.5:11434/v1' };
    expect(statusOf('ollama', addressed)).toEqual({ key: '', configured: true });
  });

  it('do not open this machine’s servers to callers in production unasked', () => {
    expect(statusOf('vllm', PRODUCTION)).toEqual({ key: undefined, configured: false });
  });

  it('take the key of a service account by its file, or as it is', () => {
    const { key } = testServiceAccount('https://oauth2.googleapis.com/token');
    const folder = mkdtempSync(path.join(tmpdir(), 'key-'));
    const file = path.join(folder, 'account.json');
    writeFileSync(file, `${key}\n`);
    try {
      expect(statusOf('vertex', { GOOGLE_APPLICATION_CREDENTIALS: file })).toEqual({ key, configured: true });
      expect(statusOf('vertex', { AI_GATEWAY_PROVIDERS_VERTEX_API_KEY: key })).toEqual({
        key,
        configured: true,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(() => registryOf({ GOOGLE_APPLICATION_CREDENTIALS: file })).toThrow(
      new ConfigError(
        'GOOGLE_APPLICATION_CREDENTIALS',
        'names a file that cannot be read. Correct the path, or unset it.',
      ),
    );
    expect(() => registryOf({ AI_GATEWAY_PROVIDERS_VERTEX_API_KEY: 'AIza-secret' })).toThrow(
      /^AI_GATEWAY_PROVIDERS_VERTEX_API_KEY does not hold a key for Google Vertex AI\. It must be the JSON key/,
    );
  });

  it('include Azure once its address is known', () => {
    const key = { AZURE_OPENAI_API_KEY: 'k' };
    const address = { AI_GATEWAY_PROVIDERS_AZURE_OPENAI_BASE_URL: 'https://r.openai.azure.com/openai/v1' };

    expect(statusOf('azure-openai', key)).toMatchObject({ configured: false });
    expect(statusOf('azure-openai', { ...key, ...address })).toEqual({ key: 'k', configured: true });
    expect(() => registryOf({ AI_GATEWAY_PROVIDERS_AZURE_OPENAI_API_KEY: 'k' })).toThrow(ConfigError);
  });
});

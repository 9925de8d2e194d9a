import { readFileSync } from 'node:fs';
import { type Config, ConfigError, providerVariable } from '@app/shared';
import type { Vendor } from '../vendor.js';
import { UnusableKeyError } from './unusable-key.error.js';

interface Found {
  /** The variable that it came by. */
  readonly variable: string;
  readonly key: string;
}

/**
 * The keys that the gateway itself was given, by vendor id: by our own variable, by a usual one, by a file that one names.
 *
 * @throws ConfigError when such a file cannot be read, or a key is not of the kind that its vendor gives out
 */
export function configuredKeys(vendors: readonly Vendor[], config: Config): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const vendor of vendors) {
    const found = find(vendor, config);
    if (found) {
      check(vendor, found);
      keys.set(vendor.id, found.key);
    }
  }
  return keys;
}

function find({ id, apiKeyEnv, apiKeyFileEnv }: Vendor, config: Config): Found | null {
  const { providers, vendorVariables } = config;
  const own = providers.get(id)?.apiKey;
  if (own !== undefined) {
    return { variable: `${providerVariable(id)}_API_KEY`, key: own };
  }
  const usual = apiKeyEnv.find(name => vendorVariables[name] !== undefined);
  if (usual !== undefined) {
    return { variable: usual, key: vendorVariables[usual] ?? '' };
  }
  const file = apiKeyFileEnv === undefined ? undefined : vendorVariables[apiKeyFileEnv];
  return apiKeyFileEnv !== undefined && file !== undefined
    ? { variable: apiKeyFileEnv, key: readKeyFile(apiKeyFileEnv, file) }
    : null;
}

function readKeyFile(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ConfigError(variable, 'names a file that cannot be read. Correct the path, or unset it.');
  }
}

function check({ tokens, name }: Vendor, { variable, key }: Found): void {
  try {
    tokens?.(key);
  } catch (error) {
    throw error instanceof UnusableKeyError
      ? new ConfigError(variable, `does not hold a key for ${name}. ${error.expectation}`)
      : error;
  }
}

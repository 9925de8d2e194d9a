import { CompatibleRerank, IMAGE_TASKS, OpenAiEmbeddings } from '@app/dialects';
import { Config, ConfigError, type ProviderSettings, providerVariable } from '@app/shared';
import { openAiCompatible } from '../open-ai-compatible.js';
import { AUDIO_TASKS, type Vendor } from '../vendor.js';
import { catalog } from './catalog.js';

/**
 * The catalog with configured addresses, and a vendor for every configured id it does not know: any OpenAI-compatible
 * server (vLLM, Ollama, llama.cpp) is one variable away.
 *
 * @throws ConfigError when a region is none, when an unknown id, or a vendor without an address common to all, has a key but no address
 */
export function configuredVendors({ providers, vendorVariables }: Config): readonly Vendor[] {
  const known = catalog.map(vendor =>
    withAddress(inRegion(vendor, vendorVariables), providers.get(vendor.id)),
  );
  const others = [...providers].filter(([id]) => !catalog.some(vendor => vendor.id === id));
  return [...known, ...others.map(([id, { baseUrl }]) => ownVendor(id, baseUrl))];
}

/** @throws ConfigError when the region is no word: it becomes part of a host's name */
function inRegion(vendor: Vendor, variables: Config['vendorVariables']): Vendor {
  const variable = vendor.region?.variables.find(name => variables[name] !== undefined);
  const region = variable && variables[variable];
  if (!vendor.region || !variable || region === undefined) {
    return vendor;
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(region)) {
    throw new ConfigError(variable, 'is no region. Name one as the vendor does, such as us-east-1.');
  }
  return { ...vendor, baseUrl: vendor.region.baseUrl(region) };
}

function withAddress(vendor: Vendor, { apiKey, baseUrl }: ProviderSettings = {}): Vendor {
  if (baseUrl !== undefined) {
    return { ...vendor, baseUrl, needsAddress: false };
  }
  if (vendor.needsAddress && apiKey !== undefined) {
    const variable = providerVariable(vendor.id);
    throw new ConfigError(
      `${variable}_API_KEY`,
      `needs ${variable}_BASE_URL beside it, such as ${vendor.baseUrl}.`,
    );
  }
  return vendor;
}

function ownVendor(id: string, baseUrl: string | undefined): Vendor {
  const variable = providerVariable(id);
  if (!baseUrl) {
    throw new ConfigError(
      `${variable}_API_KEY`,
      `names no vendor of the catalog. Set ${variable}_BASE_URL too, or correct the id.`,
    );
  }
  return openAiCompatible({
    id,
    name: id,
    baseUrl,
    apiKeyEnv: [],
    completions: /./,
    audioTasks: AUDIO_TASKS,
    tasks: { embeddings: new OpenAiEmbeddings({ tokens: true }), rerank: new CompatibleRerank() },
    imageTasks: IMAGE_TASKS,
    keyless: true,
  });
}

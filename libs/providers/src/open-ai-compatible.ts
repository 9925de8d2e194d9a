import { openAiChatVendor, type Quirks } from '@app/dialects';
import { bearer, type Vendor } from './vendor.js';

export interface OpenAiCompatible extends Quirks {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKeyEnv: string | readonly string[];
  readonly models?: readonly RegExp[];
  readonly transcriptionPath?: string;
  readonly keyless?: boolean;
}

/** Defines a vendor that speaks OpenAI's chat dialect; only what differs needs saying. */
export function openAiCompatible(definition: OpenAiCompatible): Vendor {
  const { id, name, baseUrl, apiKeyEnv, models = [], transcriptionPath, keyless, ...quirks } = definition;
  return {
    id,
    name,
    baseUrl,
    dialect: openAiChatVendor,
    credentials: bearer,
    apiKeyEnv: typeof apiKeyEnv === 'string' ? [apiKeyEnv] : apiKeyEnv,
    models,
    quirks,
    transcriptionPath,
    keyless,
  };
}

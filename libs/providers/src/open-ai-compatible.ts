import { openAiChatVendor, type Quirks } from '@app/dialects';
import { bearer, type Vendor } from './vendor.js';

type Optional = Pick<
  Vendor,
  'needsAddress' | 'transcriptionPath' | 'keyless' | 'unlisted' | 'listsToAnybody'
> &
  Partial<Pick<Vendor, 'credentials' | 'models'>>;

export interface OpenAiCompatible extends Quirks, Optional {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKeyEnv: string | readonly string[];
}

/** Defines a vendor that speaks OpenAI's chat dialect; only what differs needs saying. */
export function openAiCompatible(definition: OpenAiCompatible): Vendor {
  const { id, name, baseUrl, apiKeyEnv, models = [], credentials = bearer, ...more } = definition;
  const { needsAddress, transcriptionPath, keyless, unlisted, listsToAnybody, ...quirks } = more;
  return {
    id,
    name,
    baseUrl,
    needsAddress,
    dialect: openAiChatVendor,
    credentials,
    apiKeyEnv: typeof apiKeyEnv === 'string' ? [apiKeyEnv] : apiKeyEnv,
    models,
    quirks,
    transcriptionPath,
    keyless,
    unlisted,
    listsToAnybody,
  };
}

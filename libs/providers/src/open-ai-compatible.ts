import { openAiChatVendor, openAiCompletionsVendor, type Quirks } from '@app/dialects';
import { bearer, type Vendor } from './vendor.js';

type Optional = Pick<
  Vendor,
  'needsAddress' | 'transcriptionPath' | 'tasks' | 'tasksOnly' | 'keyless' | 'unlisted'
> &
  Partial<Pick<Vendor, 'credentials' | 'models'>>;

export interface OpenAiCompatible extends Quirks, Optional {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKeyEnv: string | readonly string[];
  /** Its models that take OpenAI's legacy completions; the others are asked by chat. */
  readonly completions?: RegExp;
}

/** Defines a vendor that speaks OpenAI's chat dialect; only what differs needs saying. */
export function openAiCompatible(definition: OpenAiCompatible): Vendor {
  const { id, name, baseUrl, apiKeyEnv, models = [], credentials = bearer, ...more } = definition;
  const { needsAddress, transcriptionPath, tasks, tasksOnly, keyless, unlisted, completions, ...quirks } =
    more;
  return {
    id,
    name,
    baseUrl,
    needsAddress,
    dialect: openAiChatVendor,
    dialectFor: completions && orCompletions(completions),
    credentials,
    apiKeyEnv: typeof apiKeyEnv === 'string' ? [apiKeyEnv] : apiKeyEnv,
    models,
    quirks,
    transcriptionPath,
    tasks,
    tasksOnly,
    keyless,
    unlisted,
  };
}

/** Legacy completions for callers that speak them, where the model does. */
function orCompletions(models: RegExp): Vendor['dialectFor'] {
  return (model, spoken) =>
    spoken === 'openai-completions' && models.test(model) ? openAiCompletionsVendor : openAiChatVendor;
}

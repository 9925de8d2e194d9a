import { openAiChatVendor, openAiCompletionsVendor, type Quirks } from '@app/dialects';
import { bearer, type Vendor } from './vendor.js';

type Optional = Pick<
  Vendor,
  | 'secondDialect'
  | 'needsAddress'
  | 'audioTasks'
  | 'hearing'
  | 'speechInEvents'
  | 'tasks'
  | 'imageTasks'
  | 'live'
  | 'tasksOnly'
  | 'keyless'
  | 'unlisted'
  | 'listsToAnybody'
  | 'routesItself'
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
  const {
    secondDialect,
    needsAddress,
    audioTasks,
    hearing,
    speechInEvents,
    tasks,
    imageTasks,
    live,
    tasksOnly,
    keyless,
    unlisted,
    listsToAnybody,
    routesItself,
    completions,
    ...quirks
  } = more;
  return {
    id,
    name,
    baseUrl,
    needsAddress,
    dialect: openAiChatVendor,
    dialectFor: dialectFor(completions, secondDialect),
    secondDialect,
    credentials,
    apiKeyEnv: typeof apiKeyEnv === 'string' ? [apiKeyEnv] : apiKeyEnv,
    models,
    quirks,
    audioTasks,
    hearing,
    speechInEvents,
    tasks,
    tasksOnly,
    imageTasks,
    live,
    keyless,
    unlisted,
    listsToAnybody,
    routesItself,
  };
}

/**
 * What chat says, chat hears: Responses has no `stop`, `seed`, `n` or `logit_bias`. A caller of another dialect of the vendor
 * is answered in that, legacy completions by the models that have them.
 */
function dialectFor(completions: RegExp | undefined, second: Vendor['secondDialect']): Vendor['dialectFor'] {
  if (!completions && !second) {
    return undefined;
  }
  return (model, spoken) => {
    if (spoken === 'openai-completions' && completions?.test(model)) {
      return openAiCompletionsVendor;
    }
    return second !== undefined && spoken === second.id ? second : openAiChatVendor;
  };
}

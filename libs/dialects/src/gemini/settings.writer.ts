import type { ResponseFormat, Settings } from '../domain/conversation.js';
import type { Losses } from '../domain/losses.js';
import type { WriteContext } from './write-context.js';

export type GenerationConfig = Record<string, unknown>;

const MAX_STOPS = 5;
const INT32 = 2 ** 31;

/** `generationConfig` but for thinking; and a word on every setting that Gemini does not have. */
export function writeSettings(settings: Settings, context: WriteContext): GenerationConfig {
  const { losses } = context;
  reportMissing(settings, losses);
  return {
    ...sampling(settings, context),
    ...(settings.maxOutputTokens !== undefined && { maxOutputTokens: settings.maxOutputTokens }),
    ...stops(settings, losses),
    ...logprobs(settings),
    ...(settings.choices !== undefined && settings.choices !== 1 && { candidateCount: settings.choices }),
    ...format(settings.format, context),
    ...modalities(settings, context),
    ...resolution(context),
  };
}

/** `default` is OpenAI's word for Google's `standard`. Undefined leaves the choice to Google. */
export function writeTier({ serviceTier }: Settings, losses: Losses): string | undefined {
  switch (serviceTier) {
    case undefined:
    case 'auto':
      return undefined;
    case 'default':
    case 'standard':
      return 'standard';
    case 'flex':
    case 'priority':
      return serviceTier;
    case 'fast':
      losses.approximated('service_tier', "'fast' became 'priority'.");
      return 'priority';
    default:
      losses.dropped('service_tier', `Google has no tier '${serviceTier}'.`);
      return undefined;
  }
}

function sampling(settings: Settings, { target, losses }: WriteContext): GenerationConfig {
  const config: GenerationConfig = {};
  const given = {
    temperature: ['temperature', settings.temperature],
    top_p: ['topP', settings.topP],
    top_k: ['topK', settings.topK],
  } as const;
  for (const [field, [name, value]] of Object.entries(given)) {
    if (value !== undefined && target.traits.sampling === false) {
      losses.dropped(field, `The model '${target.model}' takes no sampling settings.`);
    } else if (value !== undefined) {
      config[name] = value;
    }
  }
  if (settings.frequencyPenalty) {
    config['frequencyPenalty'] = settings.frequencyPenalty;
  }
  if (settings.presencePenalty) {
    config['presencePenalty'] = settings.presencePenalty;
  }
  if (isInt32(settings.seed)) {
    config['seed'] = settings.seed;
  } else if (settings.seed !== undefined && settings.seed !== null) {
    losses.dropped('seed', 'Gemini takes seeds of 32 bits only.');
  }
  return config;
}

function isInt32(seed: unknown): seed is number {
  return typeof seed === 'number' && Number.isInteger(seed) && seed >= -INT32 && seed < INT32;
}

function stops({ stop }: Settings, losses: Losses): GenerationConfig {
  const given = stop?.filter(text => text !== '') ?? [];
  if (given.length > MAX_STOPS) {
    losses.approximated('stop', `Gemini takes ${MAX_STOPS} stop sequences; the others were left out.`);
  }
  return given.length > 0 ? { stopSequences: given.slice(0, MAX_STOPS) } : {};
}

function logprobs({ logprobs: wanted, topLogprobs }: Settings): GenerationConfig {
  const top = topLogprobs ? { logprobs: topLogprobs } : {};
  return wanted || topLogprobs ? { responseLogprobs: true, ...top } : {};
}

function format(wanted: ResponseFormat | undefined, { target, losses }: WriteContext): GenerationConfig {
  if (!wanted || wanted.kind === 'text') {
    return {};
  }
  if (wanted.kind === 'json') {
    return { responseMimeType: 'application/json' };
  }
  if (target.traits.structuredOutput === false) {
    losses.refused('response_format', `The model '${target.model}' has no structured output.`);
    return {};
  }
  if (wanted.description !== undefined) {
    losses.dropped('response_format.json_schema.description', 'Gemini takes the schema only.');
  }
  return {
    responseMimeType: 'application/json',
    ...(wanted.schema && { responseJsonSchema: wanted.schema }),
  };
}

/** Sound is spoken by models of its own, in a format that is none of OpenAI's. */
function modalities({ modalities: wanted }: Settings, { native, losses }: WriteContext): GenerationConfig {
  const others = wanted?.filter(modality => modality !== 'text') ?? [];
  if (others.some(modality => modality !== 'image') && !native) {
    losses.refused('modalities', 'Gemini answers chat requests with text and images only.');
    return {};
  }
  return others.length > 0 ? { responseModalities: wanted?.map(modality => modality.toUpperCase()) } : {};
}

/** One resolution rules all images of a Gemini request. */
function resolution({ imageDetails, losses }: WriteContext): GenerationConfig {
  const [detail, another] = imageDetails;
  if (detail === undefined) {
    return {};
  }
  if (another === undefined && (detail === 'low' || detail === 'high')) {
    losses.approximated('image_url.detail', `It became one resolution for all images: '${detail}'.`);
    return { mediaResolution: `MEDIA_RESOLUTION_${detail.toUpperCase()}` };
  }
  losses.dropped('image_url.detail', 'Gemini has one resolution, low or high, for all images of a request.');
  return {};
}

/** PROTOCOLS 2.2. `metadata`, `user` and `prompt_cache_key` are bookkeeping and go quietly. */
function reportMissing(settings: Settings, losses: Losses): void {
  if (settings.store === true) {
    losses.refused('store', 'Google keeps no answers.');
  }
  if (settings.logitBias !== undefined) {
    losses.dropped('logit_bias', 'Gemini has no such setting.');
  }
  if (settings.verbosity !== undefined) {
    losses.dropped('verbosity', 'Gemini has no such setting.');
  }
}

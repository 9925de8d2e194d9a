import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import type { ResponseFormat, Settings } from '../domain/conversation.js';
import type { Losses } from '../domain/losses.js';
import type { WriteContext } from './write-context.js';

type Sampling = Pick<MessageCreateParams, 'stop_sequences' | 'metadata' | 'service_tier'> & {
  temperature?: number;
  top_p?: number;
  top_k?: number;
};

/** Stops, sampling, tier, user; and a word on every setting that Anthropic does not have. */
export function writeSettings(settings: Settings, thinking: boolean, context: WriteContext): Sampling {
  reportMissing(settings, context.losses);
  return {
    ...stops(settings, context.losses),
    ...sampling(settings, thinking, context),
    ...tier(settings, context),
    ...(settings.user !== undefined && { metadata: { user_id: settings.user } }),
  };
}

function stops({ stop }: Settings, losses: Losses): Pick<Sampling, 'stop_sequences'> {
  const kept = stop?.filter(text => text.trim() !== '') ?? [];
  if (stop && kept.length < stop.length) {
    losses.dropped('stop', 'Anthropic refuses stop sequences of white space only.');
  }
  return kept.length > 0 ? { stop_sequences: kept } : {};
}

/** Only older models take these, and only under the older API version (PROTOCOLS 0, rows 1 and 3). */
function sampling(settings: Settings, thinking: boolean, { target, losses, native }: WriteContext): Sampling {
  const { temperature, topP, topK } = settings;
  const given = { temperature, top_p: topP, top_k: topK };
  const written: Sampling = {};
  for (const name of ['temperature', 'top_p', 'top_k'] as const) {
    const value = given[name];
    if (value === undefined) {
      continue;
    }
    if (target.traits.sampling !== true) {
      losses.dropped(name, `The model '${target.model}' takes no sampling settings.`);
    } else if (thinking) {
      losses.dropped(name, 'Anthropic takes no sampling settings while the model thinks.');
    } else if (name === 'temperature' && value > 1) {
      losses.approximated(name, `Anthropic's temperature ends at 1; ${value} became 1.`);
      written.temperature = 1;
    } else {
      written[name] = value;
    }
  }
  return native ? written : withOneOfBoth(written, losses);
}

/**
 * Models since Opus 4.1 refuse `temperature` beside `top_p`; a temperature of 1 is what they take anyhow.
 * https://platform.claude.com/docs/en/about-claude/models/migration-guide
 */
function withOneOfBoth(written: Sampling, losses: Losses): Sampling {
  const { temperature, top_p, ...rest } = written;
  if (temperature === undefined || top_p === undefined) {
    return written;
  }
  if (temperature === 1) {
    return { top_p, ...rest };
  }
  losses.dropped('top_p', 'Anthropic takes either a temperature or top_p.');
  return { temperature, ...rest };
}

function tier({ serviceTier }: Settings, { native, losses }: WriteContext): Pick<Sampling, 'service_tier'> {
  switch (serviceTier) {
    case undefined:
      return {};
    case 'auto':
    case 'standard_only':
      return { service_tier: serviceTier };
    case 'default':
      return { service_tier: 'standard_only' };
    case 'priority':
    case 'fast':
      losses.approximated(
        'service_tier',
        `'${serviceTier}' became 'auto', which uses priority capacity if there is any.`,
      );
      return { service_tier: 'auto' };
    default:
      if (native) {
        return { service_tier: serviceTier as Sampling['service_tier'] };
      }
      losses.dropped('service_tier', `Anthropic has no tier '${serviceTier}'.`);
      return {};
  }
}

/** PROTOCOLS 2.2. `metadata` and `prompt_cache_key` are bookkeeping and go quietly. */
function reportMissing(settings: Settings, losses: Losses): void {
  if (settings.choices !== undefined && settings.choices !== 1) {
    losses.refused('n', 'Anthropic gives one answer per request.');
  }
  if (settings.modalities?.some(modality => modality !== 'text')) {
    losses.refused('modalities', 'Anthropic answers with text only.');
  }
  if (settings.store === true) {
    losses.refused('store', 'Anthropic keeps no answers.');
  }
  const missing: Readonly<Record<string, unknown>> = {
    seed: settings.seed,
    frequency_penalty: settings.frequencyPenalty || undefined,
    presence_penalty: settings.presencePenalty || undefined,
    logit_bias: settings.logitBias,
    logprobs: settings.logprobs || undefined,
    top_logprobs: settings.topLogprobs || undefined,
    verbosity: settings.verbosity,
  };
  for (const [field, value] of Object.entries(missing)) {
    if (value !== undefined) {
      losses.dropped(field, 'Anthropic has no such setting.');
    }
  }
}

export interface WrittenFormat {
  /** `output_config.format` */
  readonly format?: { readonly type: 'json_schema'; readonly schema: Record<string, unknown> };
  /** Said to the model where the API has no setting for it. */
  readonly instruction?: string;
}

export function writeFormat(
  format: ResponseFormat | undefined,
  { target, losses }: WriteContext,
): WrittenFormat {
  if (!format || format.kind === 'text') {
    return {};
  }
  if (format.kind === 'json' || !format.schema) {
    losses.approximated(
      'response_format',
      'Anthropic has no plain JSON mode; the model was told to answer with JSON.',
    );
    return { instruction: 'Answer with one valid JSON object and nothing else: no prose, no code fence.' };
  }
  if (target.traits.structuredOutput === false) {
    losses.refused('response_format', `The model '${target.model}' has no structured output.`);
    return {};
  }
  if (format.description !== undefined) {
    losses.dropped('response_format.json_schema.description', 'Anthropic takes the schema only.');
  }
  return { format: { type: 'json_schema', schema: { ...format.schema } } };
}

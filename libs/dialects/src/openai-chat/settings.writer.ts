import { createHash } from 'node:crypto';
import type { ReasoningSettings, ResponseFormat, Settings } from '../domain/conversation.js';
import { effortOfBudget } from '../domain/effort.js';
import { FLAG_FIELDS, NUMBER_FIELDS, type Spelling, TEXT_FIELDS } from './setting-fields.js';
import type { Wire } from '../domain/wire.js';
import { lacks, lose, type WriteContext } from './write-context.js';

type Body = Record<string, unknown>;

export function writeSettings(settings: Settings, spelling: Spelling, context: WriteContext): Body {
  const body: Body = {};
  for (const [field, name] of Object.entries({ ...NUMBER_FIELDS, ...TEXT_FIELDS, ...FLAG_FIELDS })) {
    put(body, field, settings[name]);
  }
  put(body, 'stop', settings.stop);
  put(body, 'seed', settings.seed);
  put(body, 'logit_bias', settings.logitBias);
  put(body, 'metadata', settings.metadata);
  put(body, 'modalities', settings.modalities);
  put(body, spelling.user ?? 'user', userId(settings.user, context));
  put(body, maxTokensField(spelling, context), settings.maxOutputTokens);
  put(body, 'response_format', settings.format && writeFormat(settings.format, context));
  Object.assign(body, settings.reasoning && writeReasoning(settings.reasoning, spelling, context));
  dropSampling(body, context);
  return body;
}

function put(body: Body, field: string, value: unknown): void {
  if (value !== undefined) {
    body[field] = value;
  }
}

/** OpenAI takes ids of limited length. Of a longer one it gets the hash, which tells users apart as well. */
const USER_LENGTH = 64;

function userId(user: string | undefined, { own }: WriteContext): string | undefined {
  return own || user === undefined || user.length <= USER_LENGTH
    ? user
    : createHash('sha256').update(user).digest('hex');
}

/** Reasoning models refuse the older name, also from a caller that used it. */
function maxTokensField(spelling: Spelling, { target }: WriteContext): string {
  const { maxTokensField } = target.quirks;
  const wanted = target.traits.reasoning === 'effort' ? undefined : spelling.maxOutputTokens;
  return maxTokensField ?? wanted ?? 'max_completion_tokens';
}

function dropSampling(body: Body, context: WriteContext): void {
  const { traits, model } = context.target;
  if (body['top_k'] !== undefined && !context.own) {
    delete body['top_k'];
    lose(context, 'dropped', 'top_k', 'Chat has no such setting.');
  }
  if (traits.sampling !== false) {
    return;
  }
  for (const field of ['temperature', 'top_p', 'top_k']) {
    const value = body[field];
    delete body[field];
    // 1 is what the model does anyway.
    if (value !== undefined && value !== 1) {
      lose(context, 'dropped', field, `The model '${model}' refuses it.`);
    }
  }
}

function writeFormat(format: ResponseFormat, context: WriteContext): Wire | undefined {
  const { target, losses } = context;
  switch (format.kind) {
    case 'text':
      return { type: 'text' };
    case 'json':
      return { type: 'json_object' };
    default: {
      if (target.traits.structuredOutput === false) {
        losses.refused('response_format', `The model '${target.model}' cannot keep to a JSON schema.`);
      } else if (lacks(context, 'json_schema')) {
        losses.refused(
          'response_format',
          `'${target.vendor}' knows no JSON schema. Ask for {"type": "json_object"} and describe it in the prompt.`,
        );
      }
      const { kind: _kind, ...schema } = format;
      return { type: 'json_schema', json_schema: schema };
    }
  }
}

function writeReasoning(reasoning: ReasoningSettings, spelling: Spelling, context: WriteContext): Body {
  const { effort, budget, summary } = reasoning;
  if (context.target.traits.reasoning === 'none') {
    if (asksToReason(reasoning)) {
      lose(context, 'dropped', 'reasoning_effort', `The model '${context.target.model}' does not reason.`);
    }
    return {};
  }
  if (context.own && spelling.reasoning) {
    return {
      reasoning: {
        ...(effort !== undefined && { effort }),
        ...(budget !== undefined && { max_tokens: budget }),
        ...(summary !== undefined && { summary }),
      },
    };
  }
  if (effort !== undefined) {
    return { reasoning_effort: effort };
  }
  const band = budget === undefined ? undefined : effortOfBudget(budget);
  if (band === undefined) {
    return {};
  }
  lose(
    context,
    'approximated',
    'reasoning_effort',
    `A budget of ${budget} tokens became the effort '${band}'.`,
  );
  return { reasoning_effort: band };
}

export function asksToReason({ effort, budget }: ReasoningSettings): boolean {
  return (effort !== undefined && effort !== 'none') || (budget !== undefined && budget !== 0);
}

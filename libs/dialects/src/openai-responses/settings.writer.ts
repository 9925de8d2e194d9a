import type { ReasoningSettings, ResponseFormat, Settings } from '../domain/conversation.js';
import { effortOfBudget } from '../domain/effort.js';
import { asksToReason } from '../openai-chat/settings.writer.js';
import type { Wire } from '../domain/wire.js';
import { lose, type WriteContext } from '../openai-chat/write-context.js';
import { INCLUDE_ENCRYPTED, INCLUDE_LOGPROBS, NUMBER_FIELDS, TEXT_FIELDS } from './setting-fields.js';

type Body = Record<string, unknown>;

export function writeSettings(settings: Settings, context: WriteContext): Body {
  const body: Body = {};
  for (const [field, name] of Object.entries({ ...NUMBER_FIELDS, ...TEXT_FIELDS })) {
    put(body, field, settings[name]);
  }
  put(body, 'metadata', settings.metadata);
  put(body, 'user', settings.user);
  // OpenAI keeps every response for 30 days unless told not to; chat and the others keep none.
  body['store'] = settings.store ?? false;
  writeText(settings, body, context);
  const reasons = writeReasoning(settings.reasoning ?? {}, body, context);
  const include = [
    ...(reasons ? [INCLUDE_ENCRYPTED] : []),
    ...(settings.logprobs === true ? [INCLUDE_LOGPROBS] : []),
  ];
  put(body, 'include', include.length > 0 ? include : undefined);
  dropSampling(body, context);
  reportUnsayable(settings, context);
  return body;
}

function put(body: Body, field: string, value: unknown): void {
  if (value !== undefined) {
    body[field] = value;
  }
}

function writeText({ format, verbosity }: Settings, body: Body, context: WriteContext): void {
  if (format || verbosity !== undefined) {
    body['text'] = {
      ...(format && { format: writeFormat(format, context) }),
      ...(verbosity !== undefined && { verbosity }),
    };
  }
}

function writeFormat(format: ResponseFormat, { target, losses }: WriteContext): Wire {
  switch (format.kind) {
    case 'text':
      return { type: 'text' };
    case 'json':
      return { type: 'json_object' };
    default: {
      if (target.traits.structuredOutput === false) {
        losses.refused('response_format', `The model '${target.model}' cannot keep to a JSON schema.`);
      }
      const { kind: _kind, ...schema } = format;
      return { type: 'json_schema', ...schema };
    }
  }
}

/** True when the model reasons, so that its cipher is to be asked for. */
function writeReasoning(reasoning: ReasoningSettings, body: Body, context: WriteContext): boolean {
  const { traits, model } = context.target;
  const { effort, budget, summary } = reasoning;
  if (traits.reasoning === 'none') {
    if (asksToReason(reasoning)) {
      lose(context, 'dropped', 'reasoning_effort', `The model '${model}' does not reason.`);
    }
    return false;
  }
  const amount = effort ?? (budget === undefined ? undefined : bandOf(budget, context));
  const written = {
    ...(amount !== undefined && { effort: amount }),
    // To show nothing is what the API does anyway.
    ...(summary !== undefined && summary !== 'omitted' && { summary }),
  };
  if (Object.keys(written).length > 0) {
    body['reasoning'] = written;
  }
  return traits.reasoning === 'effort' || asksToReason(reasoning);
}

function bandOf(budget: number, context: WriteContext): string | undefined {
  const band = effortOfBudget(budget);
  if (band !== undefined) {
    lose(
      context,
      'approximated',
      'reasoning_effort',
      `A budget of ${budget} tokens became the effort '${band}'.`,
    );
  }
  return band;
}

function dropSampling(body: Body, context: WriteContext): void {
  const { traits, model } = context.target;
  for (const field of traits.sampling === false ? ['temperature', 'top_p'] : []) {
    const value = body[field];
    delete body[field];
    // 1 is what the model does anyway.
    if (value !== undefined && value !== 1) {
      lose(context, 'dropped', field, `The model '${model}' refuses it.`);
    }
  }
}

/** Settings of other dialects for which Responses has no word (PROTOCOLS 1.3). */
function reportUnsayable(settings: Settings, context: WriteContext): void {
  const detail = 'Responses has no such setting.';
  const dropped: readonly (readonly [field: string, said: boolean])[] = [
    ['top_k', settings.topK !== undefined],
    ['seed', settings.seed !== undefined],
    ['frequency_penalty', Boolean(settings.frequencyPenalty)],
    ['presence_penalty', Boolean(settings.presencePenalty)],
    ['logit_bias', settings.logitBias !== undefined],
  ];
  const refused: readonly (readonly [field: string, said: boolean])[] = [
    ['stop', (settings.stop?.length ?? 0) > 0],
    ['n', (settings.choices ?? 1) !== 1],
    ['modalities', settings.modalities?.some(kind => kind !== 'text') ?? false],
  ];
  for (const [field] of dropped.filter(([, said]) => said)) {
    lose(context, 'dropped', field, detail);
  }
  for (const [field] of refused.filter(([, said]) => said)) {
    context.losses.refused(field, detail);
  }
}

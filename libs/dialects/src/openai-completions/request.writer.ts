import type { GenerationRequest } from '../domain/conversation.js';
import { NUMBER_FIELDS } from '../openai-chat/setting-fields.js';
import { withoutUndefined } from '../domain/wire.js';

/**
 * The body of POST /v1/completions for a vendor that takes it. Callers' bytes pass as they came nearly always; this is for
 * those that hold what looks like a signature of the gateway's.
 */
export function writeRequest(
  request: GenerationRequest,
  { model }: { readonly model: string },
): Record<string, unknown> {
  const { turns, settings, stream, native } = request;
  const numbers = Object.entries(NUMBER_FIELDS).map(([field, name]) => [field, settings[name]]);
  const { logprobs, topLogprobs } = settings;
  return withoutUndefined<Record<string, unknown>>({
    ...Object.fromEntries(numbers),
    ...native.fields,
    model,
    prompt: turns
      .flatMap(({ parts }) => parts.map(part => (part.kind === 'text' ? part.text : '')))
      .join('\n'),
    max_tokens: settings.maxOutputTokens,
    stop: settings.stop,
    seed: settings.seed,
    logit_bias: settings.logitBias,
    user: settings.user,
    top_logprobs: undefined,
    logprobs: logprobs ? (topLogprobs ?? 0) : undefined,
    ...(stream && { stream, stream_options: { include_usage: true } }),
  });
}

import type { GenerationRequest } from './conversation.js';
import type { Target } from './dialect.js';
import type { Losses } from './losses.js';

/**
 * What the model is known to be unable to do, of the settings that are the same in every dialect (PROTOCOLS 2.2): an output
 * it does not make is refused, a limit beyond its own becomes its own. What it cannot read and the tools it cannot call
 * are refused where they are written.
 */
export function fitToModel(request: GenerationRequest, target: Target, losses: Losses): GenerationRequest {
  const { model, traits } = target;
  const missing = missingOutput(request.settings.modalities, traits.output);
  if (missing !== undefined) {
    losses.refused('modalities', `The model '${model}' does not answer with ${missing}.`);
  }
  return withParallelTools(withLimit(request, target, losses), target, losses);
}

/** The first modality that is asked for and that the model does not make. */
export function missingOutput(
  wanted: readonly string[] | undefined,
  made: readonly string[] | undefined,
): string | undefined {
  return made && wanted?.find(modality => !made.includes(modality));
}

function withLimit(
  request: GenerationRequest,
  { model, traits: { maxOutputTokens } }: Target,
  losses: Losses,
): GenerationRequest {
  const wanted: unknown = request.settings.maxOutputTokens;
  if (maxOutputTokens === undefined || typeof wanted !== 'number' || wanted <= maxOutputTokens) {
    return request;
  }
  losses.approximated(
    'max_tokens',
    `The model '${model}' ends at ${maxOutputTokens} tokens; ${wanted} became that.`,
  );
  return { ...request, settings: { ...request.settings, maxOutputTokens } };
}

/** A model that calls one tool at a time may refuse the setting, whatever it says. */
function withParallelTools(
  request: GenerationRequest,
  { model, traits }: Target,
  losses: Losses,
): GenerationRequest {
  const { parallel, ...tools } = request.tools;
  if (traits.parallelTools !== false || parallel === undefined) {
    return request;
  }
  if (parallel) {
    losses.dropped('parallel_tool_calls', `The model '${model}' calls one tool at a time.`);
  }
  return { ...request, tools };
}

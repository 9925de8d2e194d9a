import type { ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import type { GenerationRequest, ReasoningSettings } from '../domain/conversation.js';
import { effortOfBudget, effortWords } from '../domain/effort.js';
import { wireDisplay } from './thinking-display.js';
import type { WriteContext } from './write-context.js';

export interface WrittenReasoning {
  readonly thinking?: ThinkingConfigParam;
  /** `output_config.effort`; may be a word newer than the SDK's type. */
  readonly effort?: string;
  readonly maxTokens: number;
}

/** The API demands a limit; this one stands where neither the caller nor the model table gives one. */
export const DEFAULT_MAX_TOKENS = 4096;

const MIN_BUDGET = 1024;
const LEAST_EFFORT = 'low';
const USUAL_EFFORT = 'medium';

/**
 * `thinking`, the effort and the output limit, which depend on each other.
 *
 * @param obstacle why this request cannot have thinking, if so
 */
export function writeReasoning(
  request: GenerationRequest,
  obstacle: string | undefined,
  context: WriteContext,
): WrittenReasoning {
  const { traits, model } = context.target;
  const { reasoning, maxOutputTokens } = request.settings;
  const maxTokens = maxOutputTokens ?? traits.maxOutputTokens ?? DEFAULT_MAX_TOKENS;
  if (context.native && reasoning && obstacle === undefined) {
    return { ...asSpelled(request.native.spelling?.['reasoning'], reasoning), maxTokens };
  }
  if (!reasoning || (isEmpty(reasoning) && !context.native)) {
    return { maxTokens };
  }
  if (traits.reasoning === 'none') {
    if (reasoning.effort !== 'none' && reasoning.budget !== 0) {
      context.losses.dropped('reasoning_effort', `The model '${model}' does not reason.`);
    }
    return { maxTokens };
  }
  if (reasoning.effort === 'none' || reasoning.budget === 0) {
    return { ...turnedOff(context), maxTokens };
  }
  if (traits.reasoning === 'budget' && reasoning.effort === undefined && reasoning.budget === undefined) {
    // Such a model thinks only when told how much.
    return { maxTokens };
  }
  if (obstacle !== undefined && traits.reasoning !== 'effort' && traits.reasoningOff !== 'never') {
    context.losses.dropped('reasoning_effort', obstacle);
    return { ...turnedOff(context), maxTokens };
  }
  return traits.reasoning === 'budget'
    ? withBudget(reasoning, request, context)
    : { ...adaptive(reasoning, request, context), maxTokens };
}

function turnedOff({ target, losses }: WriteContext): Pick<WrittenReasoning, 'thinking' | 'effort'> {
  switch (target.traits.reasoningOff) {
    case 'never':
      losses.approximated(
        'reasoning_effort',
        `The model '${target.model}' always thinks; it was asked to do so as little as it can.`,
      );
      return { effort: LEAST_EFFORT };
    case 'between_tools':
      return { thinking: { type: 'between_tools' } };
    default:
      return { thinking: { type: 'disabled' } };
  }
}

/** As a caller of this dialect said it, whatever the model: the vendor decides. @param type of `thinking`, if it had any */
function asSpelled(
  type: string | undefined,
  { effort, budget, summary }: ReasoningSettings,
): Pick<WrittenReasoning, 'thinking' | 'effort'> {
  if (type === undefined) {
    return { effort };
  }
  if (type === 'disabled') {
    return { thinking: { type } };
  }
  const thinking = {
    type,
    ...(budget !== undefined && { budget_tokens: budget }),
    ...(summary !== undefined && { display: wireDisplay(summary) }),
  };
  return { thinking: thinking as ThinkingConfigParam, ...(effort !== undefined && { effort }) };
}

function isEmpty({ effort, budget, summary }: ReasoningSettings): boolean {
  return effort === undefined && budget === undefined && summary === undefined;
}

function adaptive(
  reasoning: ReasoningSettings,
  request: GenerationRequest,
  context: WriteContext,
): Omit<WrittenReasoning, 'maxTokens'> {
  const effort = effortOf(reasoning, context);
  if (context.target.traits.reasoning === 'effort') {
    return { effort };
  }
  const display = displayOf(reasoning, request);
  return { thinking: { type: 'adaptive', ...(display && { display }) }, effort };
}

function effortOf({ effort, budget }: ReasoningSettings, { losses }: WriteContext): string | undefined {
  if (effort !== undefined) {
    const word = effortWords(effort)?.claude ?? effort;
    if (word !== effort) {
      losses.approximated('reasoning_effort', `Anthropic knows no '${effort}'; it became '${word}'.`);
    }
    return word;
  }
  const band = budget === undefined ? undefined : effortOfBudget(budget);
  if (band !== undefined) {
    losses.approximated(
      'thinking.budget_tokens',
      `A budget of ${budget} tokens became the effort '${band}'.`,
    );
  }
  return band;
}

/** A chat caller sees reasoning whenever there is some, and new models show none unless asked. */
function displayOf(
  { summary }: ReasoningSettings,
  request: GenerationRequest,
): 'summarized' | 'omitted' | undefined {
  if (summary === 'omitted') {
    return 'omitted';
  }
  return summary !== undefined || request.native.dialect === 'openai-chat' ? 'summarized' : undefined;
}

function withBudget(
  reasoning: ReasoningSettings,
  { settings }: GenerationRequest,
  context: WriteContext,
): WrittenReasoning {
  const { losses, target } = context;
  const limit = settings.maxOutputTokens ?? target.traits.maxOutputTokens;
  const asked = reasoning.budget !== undefined && reasoning.budget > 0 ? reasoning.budget : undefined;
  const wanted = Math.max(MIN_BUDGET, asked ?? budgetOf(reasoning.effort, context));
  // The caller's limit is its word, a budget made from an effort our guess: the guess leaves half for the answer.
  const budget =
    asked === undefined && limit !== undefined ? Math.max(MIN_BUDGET, Math.min(wanted, limit >> 1)) : wanted;
  const thinking: ThinkingConfigParam = {
    type: 'enabled',
    budget_tokens: budget,
    ...(reasoning.summary === 'omitted' && { display: 'omitted' }),
  };
  if (limit !== undefined && limit > budget) {
    return { thinking, maxTokens: limit };
  }
  // The API refuses a budget that does not fit below max_tokens, and thinking alone would be no answer.
  const maxTokens = budget + (limit ?? DEFAULT_MAX_TOKENS);
  if (settings.maxOutputTokens !== undefined) {
    losses.approximated(
      'max_completion_tokens',
      `Raised to ${maxTokens}, because the thinking budget of ${budget} tokens must fit in.`,
    );
  }
  return { thinking, maxTokens };
}

function budgetOf(effort: string | undefined, { losses }: WriteContext): number {
  const words = effort === undefined ? undefined : effortWords(effort);
  if (!words && effort !== undefined) {
    losses.approximated(
      'reasoning_effort',
      `The effort '${effort}' is unknown; it was taken as '${USUAL_EFFORT}'.`,
    );
  }
  return (words ?? effortWords(USUAL_EFFORT))?.claudeBudget ?? MIN_BUDGET;
}

import type { ReasoningSettings } from '../domain/conversation.js';
import { effortOfBudget, effortWords } from '../domain/effort.js';
import type { WriteContext } from './write-context.js';

export interface ThinkingConfig {
  thinkingLevel?: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';
  thinkingBudget?: number;
  includeThoughts?: boolean;
}

/** Gemini 2.5 Pro refuses to stop thinking; this is its least budget. */
const LEAST_BUDGET_OF_PRO = 128;

/** Members of a thinking family that do not think themselves, and refuse to be told about it. */
const THOUGHTLESS = /image|tts|audio|embedding|live/;

/** `thinkingConfig`; undefined when nothing is to be said about thinking. */
export function writeThinking(
  reasoning: ReasoningSettings | undefined,
  context: WriteContext,
): ThinkingConfig | undefined {
  const { target, losses, native } = context;
  const { effort, budget, summary } = reasoning ?? {};
  const amount = effort !== undefined || budget !== undefined;
  if (target.traits.reasoning === 'none') {
    if (amount && effort !== 'none' && budget !== 0) {
      losses.dropped('reasoning_effort', `The model '${target.model}' does not reason.`);
    }
    return undefined;
  }
  const config = amount ? writeAmount(effort, budget, context) : {};
  const asked = amount || summary !== undefined;
  // A caller of another dialect sees the reasoning whenever there is some; Gemini's own says what it wants.
  if (summary !== 'omitted' && (native ? summary !== undefined : asked || thinksByItself(context))) {
    config.includeThoughts = config.thinkingBudget !== 0;
  }
  return Object.keys(config).length > 0 ? config : undefined;
}

function thinksByItself({ target: { model, traits } }: WriteContext): boolean {
  return (traits.reasoning === 'level' || traits.reasoning === 'budget') && !THOUGHTLESS.test(model);
}

function writeAmount(
  effort: string | undefined,
  budget: number | undefined,
  context: WriteContext,
): ThinkingConfig {
  const byBudget = context.target.traits.reasoning === 'budget';
  if (effort !== undefined) {
    return byBudget ? budgetOf(effort, context) : levelOf(effort, context);
  }
  if (byBudget) {
    return { thinkingBudget: budget };
  }
  return budget === undefined ? {} : levelOfBudget(budget, context);
}

function levelOf(effort: string, { losses }: WriteContext): ThinkingConfig {
  const thinkingLevel = effortWords(effort)?.geminiLevel;
  if (thinkingLevel === undefined) {
    losses.dropped('reasoning_effort', `Gemini knows no effort '${effort}'.`);
    return {};
  }
  if (effort === 'none' || effort === 'xhigh' || effort === 'max') {
    losses.approximated('reasoning_effort', `'${effort}' became Gemini's level '${thinkingLevel}'.`);
  }
  return { thinkingLevel };
}

function budgetOf(effort: string, { target, losses }: WriteContext): ThinkingConfig {
  const thinkingBudget = effortWords(effort)?.geminiBudget;
  if (thinkingBudget === undefined) {
    losses.dropped('reasoning_effort', `Gemini knows no effort '${effort}'.`);
    return {};
  }
  if (effort === 'none' && target.model.includes('pro')) {
    losses.approximated('reasoning_effort', `The model '${target.model}' cannot stop thinking.`);
    return { thinkingBudget: LEAST_BUDGET_OF_PRO };
  }
  if (effort === 'xhigh' || effort === 'max') {
    losses.approximated('reasoning_effort', `'${effort}' became a budget of ${thinkingBudget} tokens.`);
  }
  return { thinkingBudget };
}

function levelOfBudget(budget: number, { losses }: WriteContext): ThinkingConfig {
  const thinkingLevel = effortWords(effortOfBudget(budget) ?? '')?.geminiLevel;
  if (thinkingLevel === undefined) {
    return {};
  }
  losses.approximated(
    'reasoning_effort',
    `A budget of ${budget} tokens became the level '${thinkingLevel}'.`,
  );
  return { thinkingLevel };
}

import { entryOf } from './wire.js';

/** How much a model is to think, as each way of telling it has it (PROTOCOLS 2.3). */
interface EffortWords {
  /** Anthropic's `output_config.effort`; undefined: thinking is disabled. */
  readonly claude?: string;
  /** Thinking budget of Claude models that know no effort, in tokens. */
  readonly claudeBudget: number;
  /** Gemini's `thinkingLevel`. */
  readonly geminiLevel: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';
  /** Thinking budget of Gemini models that know no level, in tokens. https://ai.google.dev/gemini-api/docs/openai#thinking */
  readonly geminiBudget: number;
}

/** By OpenAI's words, which are the canonical ones. */
const EFFORTS: Readonly<Record<string, EffortWords>> = {
  none: { claudeBudget: 0, geminiLevel: 'MINIMAL', geminiBudget: 0 },
  minimal: { claude: 'low', claudeBudget: 1024, geminiLevel: 'MINIMAL', geminiBudget: 1024 },
  low: { claude: 'low', claudeBudget: 2048, geminiLevel: 'LOW', geminiBudget: 1024 },
  medium: { claude: 'medium', claudeBudget: 8192, geminiLevel: 'MEDIUM', geminiBudget: 8192 },
  high: { claude: 'high', claudeBudget: 16_384, geminiLevel: 'HIGH', geminiBudget: 24_576 },
  xhigh: { claude: 'xhigh', claudeBudget: 24_576, geminiLevel: 'HIGH', geminiBudget: 24_576 },
  max: { claude: 'max', claudeBudget: 32_768, geminiLevel: 'HIGH', geminiBudget: 24_576 },
};

/** Budgets below the first number are that effort. */
const BANDS = [
  [1, 'none'],
  [4096, 'low'],
  [16_384, 'medium'],
  [Infinity, 'high'],
] as const;

/** Undefined for a word newer than this gateway. */
export function effortWords(effort: string): EffortWords | undefined {
  return entryOf(EFFORTS, effort);
}

/** The effort that a budget of tokens comes to; undefined for a negative one, which leaves it to the model. */
export function effortOfBudget(budget: number): 'none' | 'low' | 'medium' | 'high' | undefined {
  return budget < 0 ? undefined : BANDS.find(([below]) => budget < below)?.[1];
}

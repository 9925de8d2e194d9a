import type { ModelTraits } from '@app/dialects';

/**
 * What the price book does not know of models. The first line that fits a model counts; a model that fits none gets no
 * traits: every field is sent and the vendor decides, so that new models work on their first day.
 * Sources: the vendors' model pages and PROTOCOLS section 0, rows 1 and 3, and 2.3.
 */
const traits: readonly (readonly [vendor: string, models: RegExp, traits: ModelTraits])[] = [
  ['openai', /^(o\d|gpt-5(?!.*chat))/, { sampling: false, reasoning: 'effort', structuredOutput: true }],
  ['openai', /^gpt-(4|3\.5)|^chatgpt-/, { sampling: true, reasoning: 'none' }],
  [
    'anthropic',
    /^claude-(3-7|3-5|3-)/,
    old({ reasoning: 'none', maxOutputTokens: 8192, structuredOutput: false }),
  ],
  [
    'anthropic',
    /^claude-(opus-4|sonnet-4|haiku-4)(-5)?(-\d{8})?$/,
    old({ reasoning: 'budget', maxOutputTokens: 32_000 }),
  ],
  ['anthropic', /^claude-opus-4-1/, old({ reasoning: 'budget', maxOutputTokens: 32_000 })],
  [
    'anthropic',
    /^claude-(opus|sonnet|haiku)-4-6/,
    { sampling: false, reasoning: 'adaptive', maxOutputTokens: 64_000 },
  ],
  [
    'anthropic',
    /^claude-/,
    { sampling: false, reasoning: 'adaptive', maxOutputTokens: 64_000, lateSystem: true },
  ],
  ['google', /^gemini-2\.0/, { reasoning: 'none' }],
  ['google', /^gemini-2\.5/, { reasoning: 'budget' }],
  ['google', /^gemini-/, { reasoning: 'level' }],
];

/** Claude models that still take sampling settings, under the older API version. */
function old(more: ModelTraits): ModelTraits {
  return { sampling: true, lateSystem: false, ...more };
}

const none: ModelTraits = {};

export function traitsOf(vendor: string, model: string): ModelTraits {
  const name = model.replace(/^models\//, '');
  return traits.find(([id, pattern]) => id === vendor && pattern.test(name))?.[2] ?? none;
}

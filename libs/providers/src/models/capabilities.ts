import type { ModelTraits } from '@app/dialects';

/** What is known of a model, as it is shown to callers and written in the operator's file; null is not known. */
export type Capabilities = {
  readonly [Name in keyof typeof TRAIT_OF]: NonNullable<ModelTraits[(typeof TRAIT_OF)[Name]]> | null;
};

/** The name of each trait towards people. */
export const TRAIT_OF = {
  context_length: 'contextTokens',
  max_output_tokens: 'maxOutputTokens',
  image_input: 'images',
  document_input: 'documents',
  audio_input: 'audioInput',
  output_modalities: 'output',
  tools: 'tools',
  parallel_tool_calls: 'parallelTools',
  structured_output: 'structuredOutput',
  forced_tools: 'forcedTools',
  reasoning: 'reasoning',
  reasoning_off: 'reasoningOff',
  sampling: 'sampling',
  late_system: 'lateSystem',
} as const satisfies Record<string, keyof ModelTraits>;

export function capabilitiesOf(traits: ModelTraits): Capabilities {
  const entries = Object.entries(TRAIT_OF).map(([name, trait]) => [name, traits[trait] ?? null]);
  return Object.fromEntries(entries) as Capabilities;
}

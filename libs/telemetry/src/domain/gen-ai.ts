/**
 * The words of OpenTelemetry's conventions for generative AI (v0.1, in development) for what vendors and endpoints are called here.
 * https://github.com/open-telemetry/semantic-conventions-genai
 */
const PROVIDERS: Readonly<Record<string, string>> = {
  'azure-openai': 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  google: 'gcp.gemini',
  mistral: 'mistral_ai',
  vertex: 'gcp.vertex_ai',
  xai: 'x_ai',
};

/** By the end of the endpoint; the first that fits. Those after `embeddings` have no word in the conventions. */
const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/\/chat\/completions$|\/messages$|\/v1\/responses(\/compact)?$/, 'chat'],
  [/\/completions$/, 'text_completion'],
  [/:(stream)?generateContent$/i, 'generate_content'],
  [/\/embeddings$|embedContent(s)?$/i, 'embeddings'],
  [/count_?tokens$|\/input_tokens$/i, 'count_tokens'],
  [/\/rerank$/, 'rerank'],
  [/\/moderations$/, 'moderation'],
  [/\/images\//, 'image_generation'],
  [/\/audio\/speech$/, 'speech'],
  [/\/audio\//, 'transcription'],
  [/\/realtime$/, 'realtime'],
];

/** `gen_ai.provider.name` @param vendor id */
export function providerName(vendor: string): string {
  return PROVIDERS[vendor] ?? vendor;
}

/** `gen_ai.operation.name` @param endpoint of a usage record */
export function operationOf(endpoint: string): string {
  return OPERATIONS.find(([ending]) => ending.test(endpoint))?.[1] ?? 'request';
}

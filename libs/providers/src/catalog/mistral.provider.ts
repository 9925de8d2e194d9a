import { mistralModeration, mistralTranscription, OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Answers 422 to any field it does not know, and reports the usage of streams unasked. https://docs.mistral.ai/api/
 */
export const mistral = openAiCompatible({
  id: 'mistral',
  name: 'Mistral AI',
  baseUrl: 'https://api.mistral.ai/v1',
  apiKeyEnv: 'MISTRAL_API_KEY',
  models: [/^(mistral|ministral|magistral|codestral|devstral|pixtral|voxtral|open-mistral|open-mixtral)-/],
  tasks: {
    embeddings: new OpenAiEmbeddings({
      dimensionsField: 'output_dimension',
      unsupported: ['input_type', 'user'],
    }),
    moderation: mistralModeration,
    transcription: mistralTranscription,
  },
  hearing: { seconds: [{ models: /./, most: 3 * 3600 }] }, // https://mistral.ai/news/voxtral-transcribe-2
  unsupported: [
    'audio',
    'developer',
    'logit_bias',
    'logprobs',
    'messages.annotations',
    'messages.name',
    'messages.refusal',
    'modalities',
    'moderation',
    'prompt_cache_breakpoint',
    'prompt_cache_key',
    'prompt_cache_options',
    'prompt_cache_retention',
    'safety_identifier',
    'service_tier',
    'store',
    'stream_options',
    'top_logprobs',
    'user',
    'verbosity',
    'web_search_options',
  ],
  maxTokensField: 'max_tokens',
  renamed: { seed: 'random_seed' },
  callIdLength: 9,
  requiredToolChoice: 'any',
  reasoningIn: 'thinking',
  documentUrl: true,
  prefill: 'marked', // https://docs.mistral.ai/capabilities/completion/#chat-prefix
});

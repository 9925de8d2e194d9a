import { CompatibleRerank, OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';
import { AUDIO_TASKS } from '../vendor.js';

/**
 * https://docs.together.ai/docs/inference/openai-compatibility
 */
export const together = openAiCompatible({
  id: 'together',
  name: 'Together AI',
  baseUrl: 'https://api.together.ai/v1',
  apiKeyEnv: 'TOGETHER_API_KEY',
  completions: /./,
  audioTasks: AUDIO_TASKS,
  hearing: { speakerless: /./, unsure: /./ }, // no `diarized_json`, and no `include`: https://docs.together.ai/reference/audio-transcriptions
  tasks: {
    embeddings: new OpenAiEmbeddings({
      unsupported: ['dimensions', 'encoding_format', 'input_type', 'user'],
    }),
    rerank: new CompatibleRerank(),
  },
  imageTasks: ['generations'],
  unsupported: ['prompt_cache_breakpoint'],
  maxTokensField: 'max_tokens',
});

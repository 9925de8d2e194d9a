import { OpenAiEmbeddings, openAiRealtime } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';
import { AUDIO_TASKS } from '../vendor.js';
import { openAiTranscripts } from './openai-transcripts.js';

/**
 * The model is the name of a deployment; what Azure lists are models to deploy, which cannot be called. The base URL is that
 * of the v1 API, or `https://RESOURCE.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21`.
 * https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
export const azureOpenai = openAiCompatible({
  id: 'azure-openai',
  name: 'Azure OpenAI',
  baseUrl: 'https://YOUR-RESOURCE.openai.azure.com/openai/v1',
  apiKeyEnv: 'AZURE_OPENAI_API_KEY',
  customTools: true,
  promptCacheKey: true,
  completions: /instruct|davinci|babbage/,
  needsAddress: true,
  credentials: apiKey => ({ 'api-key': apiKey }),
  audioTasks: AUDIO_TASKS,
  // The limit of Whisper: https://learn.microsoft.com/azure/ai-services/openai/whisper-quickstart. What models do not tell is that of deployments named after them.
  hearing: { bytes: 25 * 1024 * 1024, ...openAiTranscripts },
  tasks: { embeddings: new OpenAiEmbeddings({ tokens: true }) },
  imageTasks: ['generations', 'edits'],
  live: openAiRealtime,
  unlisted: true,
});

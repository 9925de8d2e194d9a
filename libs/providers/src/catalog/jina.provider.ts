import { CompatibleRerank, OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Vectors and rankings, no chat. What the vectors are for is its `task`. https://api.jina.ai/redoc
 */
export const jina = openAiCompatible({
  id: 'jina',
  name: 'Jina AI',
  baseUrl: 'https://api.jina.ai/v1',
  apiKeyEnv: 'JINA_API_KEY',
  models: [/^jina-/],
  tasks: {
    embeddings: new OpenAiEmbeddings({
      unsupported: ['encoding_format', 'user'],
      purpose: {
        field: 'task',
        words: {
          query: 'retrieval.query',
          document: 'retrieval.passage',
          classification: 'classification',
          clustering: 'separation',
        },
      },
    }),
    rerank: new CompatibleRerank(),
  },
  tasksOnly: true,
  unlisted: true,
});

import { CompatibleRerank, OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Vectors and rankings, no chat. https://docs.voyageai.com/reference/embeddings-api and, for `top_k`,
 * https://docs.voyageai.com/reference/reranker-api
 */
export const voyage = openAiCompatible({
  id: 'voyage',
  name: 'Voyage AI',
  baseUrl: 'https://api.voyageai.com/v1',
  apiKeyEnv: 'VOYAGE_API_KEY',
  models: [/^voyage-/, /^rerank-(lite-)?\d/],
  tasks: {
    embeddings: new OpenAiEmbeddings({
      dimensionsField: 'output_dimension',
      unsupported: ['encoding_format', 'user'],
      purpose: { field: 'input_type', words: { query: 'query', document: 'document' } },
    }),
    rerank: new CompatibleRerank({ topField: 'top_k', textsOnly: true }),
  },
  tasksOnly: true,
  unlisted: true,
});

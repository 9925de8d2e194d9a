import { describeTaskVendor } from '../../../../test/support/task-vendor.js';
import { jina } from './jina.provider.js';

describeTaskVendor(jina, {
  keys: ['JINA_API_KEY'],
  models: ['jina-embeddings-v3', 'jina-reranker-v2-base-multilingual'],
  embeddings: {
    url: 'https://api.jina.ai/v1/embeddings',
    requests: [
      {
        says: { input: 'x', dimensions: 64, input_type: 'query', encoding_format: 'base64', user: 'u' },
        gets: { input: ['x'], dimensions: 64, task: 'retrieval.query' },
      },
      {
        says: { input: ['x'], task: 'text-matching', late_chunking: true },
        gets: { input: ['x'], task: 'text-matching', late_chunking: true },
      },
    ],
  },
  rerank: {
    url: 'https://api.jina.ai/v1/rerank',
    requests: [
      {
        says: { query: 'q', documents: ['a', { image: 'https://example.com/a.png' }], top_n: 1 },
        gets: { query: 'q', documents: ['a', { image: 'https://example.com/a.png' }], top_n: 1 },
      },
    ],
  },
});

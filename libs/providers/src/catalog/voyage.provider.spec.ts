import { describeTaskVendor } from '../../../../test/support/task-vendor.js';
import { voyage } from './voyage.provider.js';

describeTaskVendor(voyage, {
  keys: ['VOYAGE_API_KEY'],
  models: ['voyage-3-large', 'rerank-2.5', 'rerank-lite-1'],
  embeddings: {
    url: 'https://api.voyageai.com/v1/embeddings',
    requests: [
      {
        says: { input: 'x', dimensions: 256, input_type: 'search_document', encoding_format: 'float' },
        gets: { input: ['x'], output_dimension: 256, input_type: 'document' },
      },
      {
        says: { input: 'x', input_type: 'clustering', truncation: false },
        gets: { input: ['x'], truncation: false },
        losses: ['dropped input_type'],
      },
    ],
  },
  rerank: {
    url: 'https://api.voyageai.com/v1/rerank',
    requests: [
      {
        says: { query: 'q', documents: ['a', { text: 'b' }], top_n: 1, return_documents: true },
        gets: { query: 'q', documents: ['a', 'b'], top_k: 1 },
      },
    ],
  },
});

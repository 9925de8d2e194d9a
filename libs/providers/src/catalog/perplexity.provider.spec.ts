import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { perplexity } from './perplexity.provider.js';

describeChatVendor(perplexity, {
  keys: ['PERPLEXITY_API_KEY'],
  url: 'https://api.perplexity.ai/chat/completions',
  requests: [
    {
      says: { max_completion_tokens: 5, seed: 7, search_mode: 'academic' },
      gets: { max_tokens: 5, search_mode: 'academic' },
      losses: ['dropped seed'],
    },
    {
      says: { tools: [{ type: 'function', function: { name: 'f' } }] },
      gets: {},
      losses: ['refused tools'],
    },
  ],
  answers: [
    {
      sent: {
        ...whole({ content: 'Rome [1].' }, 'stop', {
          prompt_tokens: 8,
          completion_tokens: 5,
          total_tokens: 13,
          search_context_size: 'low',
        }),
        citations: ['https://a.example/'],
        search_results: [{ title: 'A', url: 'https://a.example/' }],
      },
      said: { text: 'Rome [1].', usage: { input: 8, output: 5 } },
    },
  ],
});

import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { cohere } from './cohere.provider.js';

const call = { id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } };

describeChatVendor(cohere, {
  keys: ['COHERE_API_KEY'],
  url: 'https://api.cohere.ai/compatibility/v1/chat/completions',
  requests: [
    {
      says: { max_completion_tokens: 5, logit_bias: { 1: 2 }, metadata: { a: 'b' } },
      gets: { max_tokens: 5 },
      losses: ['dropped logit_bias'],
    },
    { says: { n: 2 }, gets: {}, losses: ['refused n'] },
  ],
  answers: [
    {
      sent: whole({ content: '', tool_calls: [call] }, 'tool_calls', {
        prompt_tokens: 8,
        completion_tokens: 5,
        total_tokens: 13,
      }),
      said: { calls: [['f', '{}']], finish: 'tool-calls', usage: { input: 8, output: 5 } },
    },
  ],
});

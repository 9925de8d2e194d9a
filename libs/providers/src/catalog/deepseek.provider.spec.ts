import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { deepseek } from './deepseek.provider.js';

const call = { id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } };

const schema = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } };

describeChatVendor(deepseek, {
  keys: ['DEEPSEEK_API_KEY'],
  url: 'https://api.deepseek.com/chat/completions',
  requests: [
    {
      says: { max_completion_tokens: 5, seed: 7 },
      gets: { max_tokens: 5 },
      losses: ['dropped seed'],
    },
    { says: schema, gets: schema, losses: ['refused response_format'] },
    {
      // In a tool loop its own reasoning must come back, also an empty one.
      says: { messages: [{ role: 'assistant', content: '', reasoning_content: '', tool_calls: [call] }] },
      gets: { messages: [{ role: 'assistant', content: '', reasoning_content: '', tool_calls: [call] }] },
    },
  ],
  answers: [
    {
      sent: whole({ content: 'Hi.', reasoning_content: 'Hm.', tool_calls: [call] }, 'tool_calls', {
        prompt_tokens: 30,
        completion_tokens: 12,
        total_tokens: 42,
        prompt_cache_hit_tokens: 20,
        prompt_cache_miss_tokens: 10,
        completion_tokens_details: { reasoning_tokens: 8 },
      }),
      said: {
        text: 'Hi.',
        reasoning: 'Hm.',
        calls: [['f', '{}']],
        finish: 'tool-calls',
        usage: { input: 30, cached: 20, output: 12, reasoning: 8 },
      },
    },
  ],
});

import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { lmstudio } from './lmstudio.provider.js';

const call = { id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } };

describeChatVendor(lmstudio, {
  keys: ['LMSTUDIO_API_KEY', 'LM_API_TOKEN'],
  url: 'http://127.0.0.1:1234/v1/chat/completions',
  requests: [{ says: { max_completion_tokens: 5 }, gets: { max_tokens: 5 } }],
  answers: [
    {
      sent: whole({ content: '', reasoning_content: 'Hm.', tool_calls: [call] }, 'tool_calls', {
        prompt_tokens: 8,
        completion_tokens: 5,
        total_tokens: 13,
      }),
      said: { reasoning: 'Hm.', calls: [['f', '{}']], finish: 'tool-calls', usage: { input: 8, output: 5 } },
    },
  ],
});

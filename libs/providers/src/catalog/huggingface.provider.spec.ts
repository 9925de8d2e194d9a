import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { huggingface } from './huggingface.provider.js';

describeChatVendor(huggingface, {
  keys: ['HF_TOKEN', 'HUGGINGFACE_API_KEY'],
  requests: [{ says: { max_completion_tokens: 5 }, gets: { max_tokens: 5 } }],
  answers: [
    {
      sent: whole({ content: '<think>\nHm.\n</think>\nHi.', tool_calls: [] }, 'stop', {
        prompt_tokens: 4,
        completion_tokens: 9,
        total_tokens: 13,
        cached_tokens: 0,
      }),
      said: { text: 'Hi.', reasoning: '\nHm.\n', usage: { input: 4, cached: 0, output: 9 } },
    },
  ],
});

import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { nvidia } from './nvidia.provider.js';

describeChatVendor(nvidia, {
  keys: ['NVIDIA_API_KEY'],
  requests: [{ says: { max_completion_tokens: 5 }, gets: { max_tokens: 5 } }],
  answers: [
    {
      sent: whole({ content: 'Hi.', reasoning_content: 'Hm.', tool_calls: [] }, 'stop', {
        prompt_tokens: 8,
        completion_tokens: 5,
        total_tokens: 13,
        prompt_tokens_details: null,
      }),
      said: { text: 'Hi.', reasoning: 'Hm.', usage: { input: 8, output: 5 } },
    },
  ],
});

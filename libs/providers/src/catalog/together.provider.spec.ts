import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { together } from './together.provider.js';

describeChatVendor(together, {
  keys: ['TOGETHER_API_KEY'],
  requests: [{ says: { max_completion_tokens: 5 }, gets: { max_tokens: 5 } }],
  answers: [
    {
      sent: whole({ content: 'Hi.', reasoning: 'Hm.', tool_calls: [] }, 'stop', {
        prompt_tokens: 8,
        completion_tokens: 5,
        total_tokens: 13,
        cached_tokens: 4,
      }),
      said: { text: 'Hi.', reasoning: 'Hm.', usage: { input: 8, cached: 4, output: 5 } },
    },
  ],
});

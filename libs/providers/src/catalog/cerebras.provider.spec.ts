import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { cerebras } from './cerebras.provider.js';

describeChatVendor(cerebras, {
  keys: ['CEREBRAS_API_KEY'],
  requests: [
    {
      says: { frequency_penalty: 1, max_completion_tokens: 5 },
      gets: { max_completion_tokens: 5 },
      losses: ['dropped frequency_penalty'],
    },
    {
      says: {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' },
        ],
      },
      gets: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'assistant', content: 'Hi.', reasoning: 'Hm.' },
        ],
      },
    },
  ],
  answers: [
    {
      sent: {
        ...whole({ content: 'Hi.', reasoning: 'Hm.' }, 'stop', {
          prompt_tokens: 13,
          completion_tokens: 7,
          total_tokens: 20,
          prompt_tokens_details: { cached_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 3 },
        }),
        time_info: { queue_time: 0.01 },
      },
      said: { text: 'Hi.', reasoning: 'Hm.', usage: { input: 13, cached: 0, output: 7, reasoning: 3 } },
    },
  ],
});

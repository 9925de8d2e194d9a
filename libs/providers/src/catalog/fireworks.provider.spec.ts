import { describeChatVendor, sse } from '../../../../test/support/chat-vendor.js';
import { fireworks } from './fireworks.provider.js';

describeChatVendor(fireworks, {
  keys: ['FIREWORKS_API_KEY'],
  url: 'https://api.fireworks.ai/inference/v1/chat/completions',
  requests: [{ says: { max_completion_tokens: 5 }, gets: { max_tokens: 5 } }],
  answers: [
    {
      // Usage comes in the chunk that finishes.
      sent: sse(
        { id: 'c', choices: [{ index: 0, delta: { reasoning_content: 'Hm.' }, finish_reason: null }] },
        { id: 'c', choices: [{ index: 0, delta: { content: 'Hi.' }, finish_reason: null }] },
        {
          id: 'c',
          choices: [{ index: 0, delta: {}, finish_reason: 'length' }],
          usage: { prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 },
        },
      ),
      said: { text: 'Hi.', reasoning: 'Hm.', finish: 'length', usage: { input: 4, output: 6 } },
    },
  ],
});

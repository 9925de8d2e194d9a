import { describeChatVendor, sse } from '../../../../test/support/chat-vendor.js';
import { openrouter } from './openrouter.provider.js';

describeChatVendor(openrouter, {
  keys: ['OPENROUTER_API_KEY'],
  requests: [
    {
      says: { max_completion_tokens: 5, reasoning: { effort: 'high' } },
      gets: { max_completion_tokens: 5, reasoning: { effort: 'high' } },
    },
  ],
  answers: [
    {
      // Comments before the first event, a role in every delta, a second finish with the usage, and its own price.
      sent:
        ': OPENROUTER PROCESSING\n\n' +
        sse(
          {
            id: 'c',
            provider: 'X',
            choices: [
              {
                index: 0,
                delta: {
                  role: 'assistant',
                  content: '',
                  reasoning: 'Hm.',
                  reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', index: 0 }],
                },
              },
            ],
          },
          {
            id: 'c',
            choices: [
              {
                index: 0,
                delta: { role: 'assistant', content: 'Hi.' },
                finish_reason: 'stop',
                native_finish_reason: 'end_turn',
              },
            ],
          },
          {
            id: 'c',
            choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'stop' }],
            usage: {
              prompt_tokens: 43,
              completion_tokens: 36,
              total_tokens: 79,
              cost: 0.000669,
              completion_tokens_details: { reasoning_tokens: 13 },
            },
          },
        ),
      said: {
        text: 'Hi.',
        reasoning: 'Hm.',
        usage: { input: 43, output: 36, reasoning: 13, cost: 0.000669 },
      },
    },
  ],
});

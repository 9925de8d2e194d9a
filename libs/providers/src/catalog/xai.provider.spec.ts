import { describeChatVendor, sse } from '../../../../test/support/chat-vendor.js';
import { xai } from './xai.provider.js';

const call = { id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } };

describeChatVendor(xai, {
  keys: ['XAI_API_KEY'],
  requests: [
    {
      says: { stop: ['x'], presence_penalty: 1, max_completion_tokens: 5 },
      gets: { max_completion_tokens: 5 },
      losses: ['dropped stop', 'dropped presence_penalty'],
    },
  ],
  answers: [
    {
      // No finish_reason until the end, a call in one piece, reasoning beside completion_tokens.
      sent: sse(
        { id: 'c', choices: [{ index: 0, delta: { reasoning_content: 'Hm.', role: 'assistant' } }] },
        { id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ ...call, index: 0 }] } }] },
        { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
        {
          id: 'c',
          choices: [],
          usage: {
            prompt_tokens: 30,
            completion_tokens: 12,
            total_tokens: 142,
            completion_tokens_details: { reasoning_tokens: 100 },
          },
        },
      ),
      said: {
        reasoning: 'Hm.',
        calls: [['f', '{}']],
        finish: 'tool-calls',
        usage: { input: 30, output: 112, reasoning: 100 },
      },
    },
  ],
});

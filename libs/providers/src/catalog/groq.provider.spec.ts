import { describeChatVendor, sse, whole } from '../../../../test/support/chat-vendor.js';
import { groq } from './groq.provider.js';

const call = { id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } };

describeChatVendor(groq, {
  keys: ['GROQ_API_KEY'],
  requests: [
    {
      says: { logprobs: true, top_logprobs: 2 },
      gets: {},
      losses: ['dropped logprobs', 'dropped top_logprobs'],
    },
    { says: { n: 1, store: false, logprobs: false }, gets: {}, losses: [] },
    { says: { store: true }, gets: {}, losses: ['refused store'] },
    {
      says: { messages: [{ role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' }] },
      gets: { messages: [{ role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }] },
    },
    {
      says: { messages: [{ role: 'user', name: 'ann', content: 'Hi.' }] },
      gets: { messages: [{ role: 'user', content: 'Hi.' }] },
      losses: ['dropped messages.name'],
    },
  ],
  answers: [
    {
      sent: whole({ content: '<think>\nHm.\n</think>\n\nHi.' }, 'stop'),
      said: { text: 'Hi.', reasoning: '\nHm.\n' },
    },
    {
      // https://console.groq.com/docs/reasoning; usage comes unasked, in a place of its own.
      sent: sse(
        {
          id: 'c',
          choices: [{ index: 0, delta: { role: 'assistant', reasoning: 'Hm.', channel: 'analysis' } }],
        },
        { id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ ...call, index: 0 }] } }] },
        {
          id: 'c',
          choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }],
          x_groq: {
            usage: {
              prompt_tokens: 9,
              completion_tokens: 4,
              completion_tokens_details: { reasoning_tokens: 2 },
            },
          },
        },
      ),
      said: {
        reasoning: 'Hm.',
        calls: [['f', '{}']],
        finish: 'tool-calls',
        usage: { input: 9, output: 4, reasoning: 2 },
      },
    },
  ],
});

import { describeChatVendor, sse, whole } from '../../../../test/support/chat-vendor.js';
import { mistral } from './mistral.provider.js';

const tool = { type: 'function', function: { name: 'f' } };
/** Its id becomes the beginning of its SHA-256. */
const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };

describeChatVendor(mistral, {
  keys: ['MISTRAL_API_KEY'],
  requests: [
    {
      says: { max_completion_tokens: 5, seed: 7, logit_bias: { 1: 2 }, store: false, user: 'u' },
      gets: { max_tokens: 5, random_seed: 7 },
      losses: ['dropped logit_bias'],
    },
    { says: { stream: true }, gets: { stream: true } },
    {
      says: { tools: [tool], tool_choice: 'required' },
      gets: { tools: [tool], tool_choice: 'any' },
    },
    {
      says: {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
            ],
          },
          { role: 'assistant', content: null, reasoning_content: 'Hm.', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: '1' },
        ],
      },
      gets: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              {
                type: 'document_url',
                document_url: 'data:application/pdf;base64,AA==',
                document_name: 'a.pdf',
              },
            ],
          },
          {
            role: 'assistant',
            content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }],
            tool_calls: [{ ...call, id: '74196fe72' }],
          },
          { role: 'tool', tool_call_id: '74196fe72', content: '1' },
        ],
      },
    },
  ],
  answers: [
    {
      sent: whole(
        {
          content: [
            { type: 'thinking', closed: true, thinking: [{ type: 'text', text: 'Hm.' }] },
            { type: 'text', text: '4' },
          ],
          tool_calls: null,
        },
        'stop',
        { prompt_tokens: 28, completion_tokens: 35, total_tokens: 63, num_cached_tokens: 5 },
      ),
      said: { text: '4', reasoning: 'Hm.', usage: { input: 28, cached: 5, output: 35 } },
    },
    {
      // Deltas of calls have neither index nor type, and later ones no name.
      sent: sse(
        {
          id: 'c',
          choices: [
            {
              index: 0,
              delta: { tool_calls: [{ id: 'abcDEF123', function: { name: 'f', arguments: '{"a"' } }] },
            },
          ],
        },
        {
          id: 'c',
          choices: [
            { index: 0, delta: { tool_calls: [{ id: 'null', function: { name: '', arguments: ':1}' } }] } },
          ],
        },
        {
          id: 'c',
          choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }],
          usage: { prompt_tokens: 3, completion_tokens: 9 },
        },
      ),
      said: { calls: [['f', '{"a":1}']], finish: 'tool-calls', usage: { input: 3, output: 9 } },
    },
  ],
});

import { describeChatVendor, sse } from '../../../../test/support/chat-vendor.js';
import { vllm } from './vllm.provider.js';

const call = { id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } };

describeChatVendor(vllm, {
  keys: ['VLLM_API_KEY'],
  url: 'http://127.0.0.1:8000/v1/chat/completions',
  requests: [{ says: { max_completion_tokens: 5, top_k: 3 }, gets: { max_completion_tokens: 5, top_k: 3 } }],
  answers: [
    {
      // Older versions say `reasoning_content`, newer ones `reasoning`; some number calls from 1.
      sent: sse(
        { id: 'c', choices: [{ index: 0, delta: { reasoning: 'Hm', reasoning_content: 'Hm' } }] },
        { id: 'c', choices: [{ index: 0, delta: { reasoning_content: '.' } }] },
        { id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ ...call, index: 1 }] } }] },
        { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
        { id: 'c', choices: [], usage: { prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 } },
      ),
      said: { reasoning: 'Hm.', calls: [['f', '{}']], finish: 'tool-calls', usage: { input: 4, output: 6 } },
    },
  ],
});

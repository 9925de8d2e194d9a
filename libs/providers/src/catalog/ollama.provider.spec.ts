import { describeChatVendor, whole } from '../../../../test/support/chat-vendor.js';
import { ollama } from './ollama.provider.js';

describeChatVendor(ollama, {
  keys: ['OLLAMA_API_KEY'],
  url: 'http://127.0.0.1:11434/v1/chat/completions',
  requests: [
    {
      says: { max_completion_tokens: 5, logit_bias: { 1: 2 }, user: 'u' },
      gets: { max_tokens: 5 },
      losses: ['dropped logit_bias'],
    },
    {
      says: { messages: [{ role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' }] },
      gets: { messages: [{ role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }] },
    },
  ],
  answers: [
    {
      sent: whole({ role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }, 'stop', {
        prompt_tokens: 136,
        completion_tokens: 15,
        total_tokens: 171,
        completion_tokens_details: { reasoning_tokens: 20 },
      }),
      said: { text: 'Hi.', reasoning: 'Hm.', usage: { input: 136, output: 35, reasoning: 20 } },
    },
    {
      sent: whole({ role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }, 'stop', {
        prompt_tokens: 136,
        completion_tokens: 15,
        total_tokens: 151,
      }),
      said: { text: 'Hi.', reasoning: 'Hm.', usage: { input: 136, output: 15 } },
    },
  ],
});

import { readConfig } from '@app/shared';
import { describeChatVendor, sse } from '../../../../test/support/chat-vendor.js';
import { vendorUrl } from '../vendor-url.js';
import { azureOpenai } from './azure-openai.provider.js';

describe('an Azure deployment', () => {
  it('is asked at its own path, with the version of the API', () => {
    const { providers } = readConfig({
      AI_GATEWAY_PROVIDERS_AZURE_OPENAI_BASE_URL:
        'https://r.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21',
    });
    const url = vendorUrl(providers.get('azure-openai')?.baseUrl ?? '', '/chat/completions', 'my-gpt');

    expect(url).toBe(
      'https://r.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
    );
  });
});

describeChatVendor(azureOpenai, {
  keys: ['AZURE_OPENAI_API_KEY'],
  url: 'https://YOUR-RESOURCE.openai.azure.com/openai/v1/chat/completions',
  headers: { 'api-key': 'k' },
  requests: [{ says: { max_completion_tokens: 5, seed: 1 }, gets: { max_completion_tokens: 5, seed: 1 } }],
  answers: [
    {
      // The first chunk holds nothing but what the content filter found in the prompt.
      sent: sse(
        {
          id: '',
          model: '',
          choices: [],
          prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
        },
        {
          id: 'c',
          choices: [
            { index: 0, delta: { content: 'Hi.' }, content_filter_results: { hate: { filtered: false } } },
          ],
        },
        { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'content_filter' }] },
        { id: 'c', choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
      ),
      said: { text: 'Hi.', finish: 'content-filter', usage: { input: 5, output: 2 } },
    },
  ],
});

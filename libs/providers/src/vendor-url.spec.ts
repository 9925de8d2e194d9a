import { vendorUrl } from './vendor-url.js';

describe('the address of a request', () => {
  it.each([
    ['https://api.acme.test/v1', '/chat', 'https://api.acme.test/v1/chat'],
    ['https://api.acme.test', '/v1/x?alt=sse', 'https://api.acme.test/v1/x?alt=sse'],
    [
      'https://r.azure.test/openai/deployments/{model}?api-version=2024-10-21',
      '/chat/completions',
      'https://r.azure.test/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
    ],
    ['https://api.acme.test/v1?v=2', '/x?alt=sse', 'https://api.acme.test/v1/x?alt=sse&v=2'],
  ])('below %s and %s is %s', (base, path, url) => {
    expect(vendorUrl(base, path, 'my gpt')).toBe(url);
  });

  it('leaves no way out of the place of a model', () => {
    expect(vendorUrl('https://a.test/{model}', '/chat', '../../admin?x#')).toBe(
      'https://a.test/..%2F..%2Fadmin%3Fx%23/chat',
    );
  });
});

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

  it.each(['.', '..', '../../admin', 'a/b', 'a\\b', 'a\0', '\ud800'])(
    'leaves no way out of the place of a model: %j',
    model => {
      expect(() => vendorUrl('https://a.test/{model}', '/chat', model)).toThrow(
        expect.objectContaining({ status: 400, param: 'model' }),
      );
      expect(vendorUrl('https://a.test', '/chat', model)).toBe('https://a.test/chat');
    },
  );

  it.each(['x%2F..%2Fy', '..%2F..%2Fx', '..%252f..%252fx', 'x%5Cy', '%00', 'x%2F%2Fy', '%20..%2Fx'])(
    'leaves no way out of a path that the model is in: %j',
    name => {
      expect(() => vendorUrl('https://a.test', `/v1beta/models/${name}:generateContent?alt=sse`, '')).toThrow(
        expect.objectContaining({ status: 400, param: 'model' }),
      );
    },
  );

  it.each(['x%3Fkey%3D1', '%C3%A9', 'a%20b', 'x%2Fy', 'a%3Acount', 'x..y%25'])(
    'leaves a path alone that stays below: %j',
    name => {
      const path = `/v1beta/models/${name}:generateContent?page=%2F..%2F`;

      expect(vendorUrl('https://a.test', path, '')).toBe(`https://a.test${path}`);
    },
  );

  it('takes any other name as one place', () => {
    expect(vendorUrl('https://a.test/{model}', '/chat', '...?x#&%')).toBe(
      'https://a.test/...%3Fx%23%26%25/chat',
    );
  });
});

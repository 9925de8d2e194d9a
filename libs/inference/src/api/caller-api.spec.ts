import { apiOf } from './caller-api.js';

describe('the API that a caller speaks', () => {
  it.each([
    ['POST', '/v1/chat/completions', {}, 'openai'],
    ['POST', '/v1/messages?beta=true', {}, 'anthropic'],
    ['POST', '/anthropic/v1/messages', {}, 'anthropic'],
    ['POST', '/v1/models/openai/gpt-5:generateContent', {}, 'gemini'],
    ['POST', '/v1alpha/models/x:countTokens', {}, 'gemini'],
    ['GET', '/v1beta/models', { 'anthropic-version': '2023-06-01' }, 'gemini'],
    ['GET', '/v1/models', {}, 'openai'],
    ['GET', '/v1/models/openrouter/x:free', {}, 'openai'],
    ['GET', '/v1/models', { 'anthropic-version': '2023-06-01' }, 'anthropic'],
    ['GET', '/v1/models', { 'x-goog-api-key': 'k', 'anthropic-version': '2023-06-01' }, 'gemini'],
    ['GET', '/v1/models?pageSize=1&key=k', {}, 'gemini'],
    ['GET', '/v1/models?monkey=k', {}, 'openai'],
    ['POST', '/v1/files', { 'anthropic-version': '2023-06-01' }, 'anthropic'],
    ['GET', '/v1/files/x', { 'x-goog-api-key': 'k' }, 'gemini'],
    ['POST', '/v1/batches', {}, 'openai'],
  ])('%s %s with %j is %s', (method, url, headers, api) => {
    expect(apiOf({ method, url, headers })).toBe(api);
  });
});

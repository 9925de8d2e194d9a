import { ConfigError, readConfig } from '@app/shared';
import { describeChatVendor } from '../../../../test/support/chat-vendor.js';
import { vendorUrl } from '../vendor-url.js';
import { bedrock } from './bedrock.provider.js';
import { configuredVendors } from './vendors.js';

describeChatVendor(bedrock, {
  keys: ['AWS_BEARER_TOKEN_BEDROCK'],
  url: 'https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions',
  requests: [{ says: { max_completion_tokens: 5, seed: 1 }, gets: { max_completion_tokens: 5, seed: 1 } }],
});

const dialectOf = (model: string) => bedrock.dialectFor?.(model) ?? bedrock.dialect;

describe('a model at Bedrock', () => {
  it.each([
    ['anthropic.claude-opus-5-5', '/anthropic/v1/messages', '2026-10-21'],
    ['anthropic.claude-opus-4-7', '/anthropic/v1/messages', '2026-10-21'],
    ['us.anthropic.claude-haiku-5-5', '/anthropic/v1/messages', '2026-10-21'],
    ['anthropic.claude-opus-4-6', '/anthropic/v1/messages', '2023-06-01'],
    ['anthropic.claude-opus-4-6-v1', '/anthropic/v1/messages', '2023-06-01'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', '/anthropic/v1/messages', '2023-06-01'],
    ['anthropic.claude-sonnet-4-20250514-v1:0', '/anthropic/v1/messages', '2023-06-01'],
    ['anthropic.claude-3-5-haiku-20241022-v1:0', '/anthropic/v1/messages', '2023-06-01'],
    ['openai.gpt-6-sol', '/openai/v1/responses', undefined],
    ['openai.gpt-5.5', '/openai/v1/responses', undefined],
    ['google.gemma-4-31b', '/openai/v1/chat/completions', undefined],
    ['xai.grok-4.3', '/openai/v1/chat/completions', undefined],
    ['openai.gpt-oss-120b', '/v1/chat/completions', undefined],
    ['qwen.qwen3-32b', '/v1/chat/completions', undefined],
    ['mistral.claude-like', '/v1/chat/completions', undefined],
  ])('%s is asked at %s', (model, path, version) => {
    const dialect = dialectOf(model);

    expect(vendorUrl(bedrock.baseUrl, dialect.path(model, true), model)).toBe(bedrock.baseUrl + path);
    expect({ ...dialect.headers, ...dialect.requestHeaders?.({}) }['anthropic-version']).toBe(version);
  });

  it.each([
    ['openai.gpt-oss-20b', '/v1/responses'],
    ['openai.gpt-5.6-terra', '/openai/v1/responses'],
    ['qwen.qwen3-32b', '/v1/chat/completions'],
    ['anthropic.claude-opus-5', '/anthropic/v1/messages'],
  ])('%s is asked at %s for a caller of Responses', (model, path) => {
    expect(bedrock.dialectFor?.(model, 'openai-responses').path(model, false)).toBe(path);
  });

  it.each([
    ['anthropic.claude-opus-5', '/anthropic/v1/messages/count_tokens'],
    ['openai.gpt-5.5', undefined],
    ['openai.gpt-oss-120b', undefined],
  ])('%s has its tokens counted at %s', (model, path) => {
    expect(dialectOf(model).tokenCount?.path(model)).toBe(path);
  });

  it.each([
    ['cohere.embed-v4:0', '/model/cohere.embed-v4%3A0/invoke'],
    ['amazon.titan-embed-text-v2:0', '/model/amazon.titan-embed-text-v2%3A0/invoke'],
  ])('%s makes vectors at the other host of its region', (model, path) => {
    const { embeddings } = bedrock.tasks ?? {};

    expect([embeddings?.address?.(bedrock.baseUrl), embeddings?.path(model)]).toEqual([
      'https://bedrock-runtime.us-east-1.amazonaws.com',
      path,
    ]);
    expect(embeddings?.address?.('https://vpce.example.com')).toBe('https://vpce.example.com');
  });

  it('is listed in the shape of OpenAI', () => {
    expect(bedrock.dialect.models.path(null)).toBe('/v1/models');
  });
});

const addressIn = (env: Record<string, string>) =>
  configuredVendors(readConfig(env)).find(({ id }) => id === 'bedrock')?.baseUrl;

describe('the region of Bedrock', () => {
  it.each([
    [{}, 'https://bedrock-mantle.us-east-1.api.aws'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'https://bedrock-mantle.eu-west-1.api.aws'],
    [
      { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'eu-west-1' },
      'https://bedrock-mantle.us-west-2.api.aws',
    ],
    [
      { AWS_REGION: 'us-west-2', AI_GATEWAY_PROVIDERS_BEDROCK_BASE_URL: 'https://vpce.example.com/' },
      'https://vpce.example.com',
    ],
  ])('comes from the usual variables, and an address rules over it: %j', (env, address) => {
    expect(addressIn(env)).toBe(address);
  });

  it.each(['evil.example/', 'a.b', 'EU', '-x'])('is a word, or stops the start: %s', region => {
    expect(() => addressIn({ AWS_REGION: region })).toThrow(ConfigError);
    expect(() => addressIn({ AWS_REGION: region })).toThrow(/^AWS_REGION is no region\./);
  });
});

import { Losses } from '@app/dialects';
import { readConfig } from '@app/shared';
import { vendorUrl } from '../vendor-url.js';
import { configuredVendors } from './vendors.js';
import { vertex } from './vertex.provider.js';

const dialectOf = (model: string) => vertex.dialectFor?.(model) ?? vertex.dialect;

describe('a model at Vertex', () => {
  it.each([
    ['gemini-3-pro', false, '/publishers/google/models/gemini-3-pro:generateContent'],
    ['models/gemini-3-pro', true, '/publishers/google/models/gemini-3-pro:streamGenerateContent?alt=sse'],
    ['claude-haiku-4-5@20251001', false, '/publishers/anthropic/models/claude-haiku-4-5@20251001:rawPredict'],
    ['claude-opus-5', true, '/publishers/anthropic/models/claude-opus-5:streamRawPredict'],
    ['meta/llama-4-scout-maas', true, '/endpoints/openapi/chat/completions'],
    ['gemini-x:predict?y#', false, '/publishers/google/models/gemini-x%3Apredict%3Fy%23:generateContent'],
    ['claude-a/b', false, '/publishers/anthropic/models/claude-a%2Fb:rawPredict'],
  ])('%s (streamed: %s) is asked at %s', (model, stream, path) => {
    expect(vendorUrl(vertex.baseUrl, dialectOf(model).path(model, stream), model)).toBe(
      vertex.baseUrl + path,
    );
  });

  it('cannot be named so that its address is another', () => {
    const model = 'claude-x/../y';

    expect(() => vendorUrl(vertex.baseUrl, dialectOf(model).path(model, false), model)).toThrow(
      expect.objectContaining({ status: 400, param: 'model' }),
    );
  });

  it('makes pictures, counts tokens and makes vectors below its project', () => {
    const { images, tokenCount } = vertex.dialect;
    const { embeddings } = vertex.tasks ?? {};

    expect([
      images?.path('gemini-2.5-flash-image'),
      tokenCount?.path('gemini-3-pro'),
      dialectOf('claude-opus-5').tokenCount?.path('claude-opus-5'),
      embeddings?.path('text-embedding-005'),
      embeddings?.path('gemini-embedding-001'),
      embeddings?.path('gemini-embedding-2'),
    ]).toEqual([
      '/publishers/google/models/gemini-2.5-flash-image:generateContent',
      '/publishers/google/models/gemini-3-pro:countTokens',
      '/publishers/anthropic/models/count-tokens:rawPredict',
      '/publishers/google/models/text-embedding-005:predict',
      '/publishers/google/models/gemini-embedding-001:predict',
      '/publishers/google/models/gemini-embedding-2:embedContent',
    ]);
  });

  it('gets no setting that only the Gemini API has', () => {
    const losses = new Losses();
    const body = vertex.dialect.writeRequest(
      {
        model: 'vertex/gemini-3-pro',
        stream: false,
        streamUsage: false,
        turns: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi.' }] }],
        tools: { list: [] },
        settings: { serviceTier: 'flex' },
        native: { dialect: 'openai-chat', fields: {} },
      },
      { vendor: 'vertex', model: 'gemini-3-pro', traits: {}, quirks: vertex.quirks },
      losses,
    );

    expect(body).not.toHaveProperty('serviceTier');
    expect(losses.list).toMatchObject([{ action: 'dropped', field: 'serviceTier' }]);
  });

  it.each([
    [
      '{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too many"}}',
      'max_tokens: too many',
    ],
    ['[{"error":{"code":400,"message":"Project is wrong","status":"INVALID_ARGUMENT"}}]', 'Project is wrong'],
    ['<html>', "The vendor 'vertex' answered with status 400 and no explanation."],
  ])('says in either shape what is wrong: %s', (body, message) => {
    const failure = { vendor: 'vertex', status: 400, headers: {}, body };

    expect(dialectOf('claude-opus-5').readError(failure).message).toBe(message);
  });
});

describe('the location of Vertex', () => {
  it.each([
    [
      'europe-west4',
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/{project}/locations/europe-west4',
    ],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com/v1/projects/{project}/locations/eu'],
    ['global', 'https://aiplatform.googleapis.com/v1/projects/{project}/locations/global'],
  ])('%s is part of its address', (location, address) => {
    const vendors = configuredVendors(readConfig({ GOOGLE_CLOUD_LOCATION: location }));

    expect(vendors.find(({ id }) => id === 'vertex')?.baseUrl).toBe(address);
  });
});

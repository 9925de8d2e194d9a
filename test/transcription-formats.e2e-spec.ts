import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startGateway, type TestGateway } from './support/gateway.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
/** Policies, and OpenAI's models that they ask in that order. */
const POLICIES = {
  some: ['gpt-4o-transcribe', 'whisper-1', 'gpt-4o-transcribe-diarize'],
  none: ['gpt-4o-mini-transcribe', 'gpt-4o-transcribe'],
};

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
  for (const [name, models] of Object.entries(POLICIES)) {
    const at = `/admin/projects/${gateway.projectId}/routing-policies`;
    const targets = models.map(model => ({ model: `openai/${model}` }));
    expect(await gateway.admin('POST', at, { name, targets })).toMatchObject({ status: 201 });
  }
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

function post(model: string, format: string, include?: string, headers = {}): Promise<Response> {
  const body = new FormData();
  if (include !== undefined) {
    body.append('include[]', include);
  }
  body.append('model', model);
  body.append('response_format', format);
  body.append('file', new File([new Uint8Array(HELLO)], 'hello.wav', { type: 'audio/wav' }));
  return gateway.call('/v1/audio/transcriptions', { method: 'POST', body, headers });
}

/** What the vendor got last. */
const last = (): unknown => gateway.simulator.requests().at(-1)?.body;

describe('probabilities', () => {
  it.each(['openai/whisper-1', 'openai/gpt-4o-transcribe-diarize'])(
    'are not told by %s, which its caller is told',
    async model => {
      const response = await post(model, 'json', 'logprobs');

      expect(response.status).toBe(200);
      expect(response.headers.get('x-llmhub-warnings')).toContain('dropped=include');
      expect(last()).not.toHaveProperty('include');
    },
  );

  it('are a 400 there in strict mode, and nobody is asked', async () => {
    const response = await post('whisper-1', 'json', 'logprobs', { 'x-llmhub-strict': 'true' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { code: 'unsupported_fields', param: 'include' },
    });
    expect(gateway.simulator.calls()).toEqual({});
  });

  it('are asked of a model that tells them', async () => {
    const response = await post('gpt-4o-transcribe', 'json', 'logprobs');

    expect(response.headers.get('x-llmhub-warnings')).toBeNull();
    expect(last()).toMatchObject({ include: ['logprobs'] });
  });
});

describe('a format that a model is known not to tell enough for', () => {
  it.each([
    ['srt', 'whisper-1'],
    ['vtt', 'whisper-1'],
    ['verbose_json', 'whisper-1'],
    ['diarized_json', 'gpt-4o-transcribe-diarize'],
    ['json', 'gpt-4o-transcribe'],
    ['text', 'gpt-4o-transcribe'],
  ])('is asked of the next one: %s of %s', async (format, model) => {
    const response = await post('some', format);

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-model')).toBe(model);
    expect(Object.keys(gateway.simulator.calls()['openai'] ?? {})).toEqual([model]);
  });

  it.each([
    ['srt', 'none', /^'openai\/gpt-4o-mini-transcribe' does not tell when .* srt needs\. Ask for json/],
    ['vtt', 'gpt-4o-transcribe', /^'openai\/gpt-4o-transcribe' .* vtt needs\..* such as whisper-1\.$/],
    ['diarized_json', 'whisper-1', /does not tell who .* diarized_json needs\..*-diarize\.$/],
  ])('is refused by its own name, and nobody is asked: %s of %s', async (format, model, message) => {
    const response = await post(model, format);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: {
        type: 'invalid_request_error',
        code: 'unsupported_format',
        param: 'response_format',
        message: expect.stringMatching(message) as unknown,
      },
    });
    expect(gateway.simulator.calls()).toEqual({});
  });
});

import OpenAI, { AuthenticationError, NotFoundError } from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type RawVendor, startRawVendor } from './support/raw-vendor.js';

interface Listed extends OpenAI.Model {
  readonly context_length: number | null;
  readonly pricing: Readonly<Record<string, string | null>> | null;
}

describe('GET /v1/models', () => {
  let gateway: TestGateway;
  let raw: RawVendor;
  let openai: OpenAI;

  beforeAll(async () => {
    raw = await startRawVendor();
    gateway = await startGateway({ AI_GATEWAY_PROVIDERS_MY_VLLM_BASE_URL: `${raw.url}/v1` });
    openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  });
  afterAll(async () => {
    await gateway.stop();
    await raw.close();
  });

  const listAll = async () => (await openai.models.list()).data as Listed[];
  const storeKey = (projectId: string, provider: string, apiKey: string) =>
    gateway.admin('POST', `/admin/projects/${projectId}/provider-keys`, { provider, name: 'own', apiKey });

  it('lists what the configured vendors list, whatever shape they list it in, with prices', async () => {
    raw.answer(response => response.end(JSON.stringify({ data: [{ id: 'org/qwen', max_model_len: 4096 }] })));

    const models = await listAll();

    const ids = models.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'openai/gpt-5-mini',
        'anthropic/claude-sonnet-5',
        'google/gemini-2.5-flash',
        'my-vllm/org/qwen',
      ]),
    );
    expect(ids).not.toContain('anthropic/claude-3-opus-20240229'); // retired
    expect(new Set(ids.map(id => id.split('/')[0]))).toEqual(
      new Set(['openai', 'anthropic', 'google', 'my-vllm']),
    );
    expect(models.find(({ id }) => id === 'openai/gpt-5-mini')).toEqual({
      id: 'openai/gpt-5-mini',
      object: 'model',
      created: 1_767_225_600,
      owned_by: 'simulator',
      context_length: 400_000,
      max_output_tokens: 128_000,
      capabilities: {
        image_input: true,
        document_input: true,
        audio_input: false,
        output_modalities: ['text'],
        tools: true,
        parallel_tool_calls: true,
        structured_output: true,
        reasoning: 'effort',
        sampling: false,
        forced_tools: null,
        reasoning_off: null,
        late_system: null,
      },
      // $0.25, $2 and $0.025 per million: https://platform.openai.com/docs/pricing
      pricing: {
        prompt: '0.00000025',
        completion: '0.000002',
        input_cache_read: '0.000000025',
        input_cache_write: '0.00000025',
      },
    });
    expect(models.find(({ id }) => id === 'my-vllm/org/qwen')).toEqual({
      id: 'my-vllm/org/qwen',
      object: 'model',
      created: 0,
      owned_by: 'my-vllm',
      context_length: 4096,
      max_output_tokens: null,
      capabilities: expect.objectContaining({ image_input: null, tools: null, reasoning: null }),
      pricing: null,
    });
  });

  it('is remembered: a vendor is asked once', async () => {
    await listAll();
    gateway.simulator.reset();
    await listAll();

    expect(gateway.simulator.requests()).toEqual([]);
  });

  it('shows one model, also by its bare name and with a slash as it is', async () => {
    await expect(openai.models.retrieve('anthropic/claude-sonnet-5')).resolves.toMatchObject({
      id: 'anthropic/claude-sonnet-5',
      object: 'model',
      owned_by: 'anthropic',
    });
    await expect(openai.models.retrieve('gpt-5')).resolves.toMatchObject({ id: 'openai/gpt-5' });
    const plain = await gateway.call('/v1/models/my-vllm/org/qwen');
    expect(await plain.json()).toMatchObject({ id: 'my-vllm/org/qwen' });
  });

  it.each([
    ['openai/gpt-99', /OpenAI does not list it/],
    ['groq/llama-3', /no key for Groq/],
    ['what-is-this', /No vendor is known/],
  ])('answers 404 for %s', async (name, words) => {
    const error = await openai.models.retrieve(name).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect((error as Error).message).toMatch(words);
  });

  it('wants a project key', async () => {
    const stranger = new OpenAI({ apiKey: 'pk_wrong', baseURL: `${gateway.url}/v1`, maxRetries: 0 });

    await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  });

  it('lists what the key and its project may use, and asks nobody else', async () => {
    const { body: other } = await gateway.admin<{ id: string }>('POST', '/admin/projects', { name: 'other' });
    const at = `/admin/projects/${other.id}`;
    await gateway.admin('PATCH', at, { allowedVendors: ['openai', 'google'] });
    await storeKey(other.id, 'openai', 'sk-asked-0123456789');
    await storeKey(other.id, 'google', 'AIza-not-asked-0123456789');
    const { body: narrow } = await gateway.admin<{ key: string }>('POST', `${at}/api-keys`, {
      name: 'narrow',
      allowedModels: ['openai/gpt-5*', 'anthropic/*'],
      allowedVendors: ['openai', 'anthropic'],
    });
    const authorization = `Bearer ${narrow.key}`;
    gateway.simulator.reset();
    const response = await gateway.call('/v1/models', { headers: { authorization } });
    const { data } = (await response.json()) as { data: Listed[] };

    expect(data.map(({ id }) => id)).toContain('openai/gpt-5-mini');
    expect(data.filter(({ id }) => !id.startsWith('openai/gpt-5'))).toEqual([]);
    expect(response.headers.get('x-llmhub-warnings')).toBeNull();
    expect(gateway.simulator.requests().map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer sk-asked-0123456789',
    ]);
    for (const [name, status] of [
      ['openai/gpt-5-mini', 200],
      ['openai/gpt-4.1-mini', 403],
      ['google/gemini-2.5-flash', 403],
      ['anthropic/claude-sonnet-5', 403],
    ] as const) {
      const one = await gateway.call(`/v1/models/${name}`, { headers: { authorization } });
      expect([name, one.status]).toEqual([name, status]);
    }
  });

  it('leaves out a vendor that fails, says so, and keeps the secret', async () => {
    const { body: other } = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'other',
    });
    await storeKey(other.id, 'google', 'bad-key');
    await storeKey(other.id, 'perplexity', 'pplx-1234567890');
    const response = await gateway.call('/v1/models', {
      headers: { authorization: `Bearer ${other.apiKey}` },
    });

    const { data } = (await response.json()) as { data: Listed[] };
    expect(data.some(({ id }) => id.startsWith('google/'))).toBe(false);
    expect(data.some(({ id }) => id.startsWith('openai/'))).toBe(true);
    const warnings = response.headers.get('x-llmhub-warnings');
    expect(warnings).toMatch(/left_out=google \(/);
    expect(warnings).toMatch(/left_out=perplexity \(Its models are not listed/);
    expect(warnings).not.toContain('bad-key');
    // The key of one project says nothing of another's list.
    expect((await gateway.call('/v1/models')).headers.get('x-llmhub-warnings')).toBeNull();
  });

  it('lists the vendors that a project has a key of its own for', async () => {
    const { body: own } = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'own',
    });
    await storeKey(own.id, 'azure-openai', 'azure-1234567890');
    const response = await gateway.call('/v1/models', { headers: { authorization: `Bearer ${own.apiKey}` } });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toContain(
      'left_out=azure-openai (The address of Azure OpenAI is not known. ' +
        'Set AI_GATEWAY_PROVIDERS_AZURE_OPENAI_BASE_URL',
    );
  });
});

describe('GET /v1/models of a vendor that fails later', () => {
  it('answers 502 for a single model, since nobody knows', async () => {
    const raw = await startRawVendor();
    const gateway = await startGateway({ AI_GATEWAY_PROVIDERS_MY_VLLM_BASE_URL: `${raw.url}/v1` });
    try {
      raw.answer(response => response.writeHead(503).end('<html>down</html>'));
      const response = await gateway.call('/v1/models/my-vllm/m');

      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({
        error: { message: "The vendor 'my-vllm' answered status 503 without saying why." },
      });
    } finally {
      await gateway.stop();
      await raw.close();
    }
  });
});

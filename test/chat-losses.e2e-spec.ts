import { startGateway, type TestGateway } from './support/gateway.js';

interface Annotated {
  x_llmhub?: { warnings: { field: string; action: string }[] };
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway?.stop());

describe('what cannot be carried', () => {
  const seeded = { model: 'anthropic/claude-sonnet-5', seed: 7, messages: [{ role: 'user', content: 'Hi' }] };

  it('is said in a header and in the body', async () => {
    const response = await gateway.chat(seeded);
    const body = (await response.json()) as Annotated;

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toContain('dropped=seed');
    expect(body.x_llmhub?.warnings).toEqual([expect.objectContaining({ field: 'seed', action: 'dropped' })]);
  });

  it('is refused in strict mode, naming the field', async () => {
    const response = await gateway.chat(seeded, { headers: { 'x-llmhub-strict': 'true' } });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { code: 'unsupported_fields', param: 'seed' },
    });
  });

  it.each(['TRUE', '1', ''])('is not lost because the mode was %j, which is none', async mode => {
    const response = await gateway.chat(seeded, { headers: { 'x-llmhub-strict': mode } });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'x-llmhub-strict' } });
  });

  it('is refused always when it would change the answer', async () => {
    const response = await gateway.chat({ ...seeded, n: 2 });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'n' } });
  });
});

describe('what cannot be carried for a caller of Gemini', () => {
  const MODEL = '/v1beta/models/anthropic/claude-sonnet-5:generateContent';
  const post = (config: object, headers: Record<string, string> = {}): Promise<Response> =>
    gateway.call(MODEL, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ contents: [{ parts: [{ text: 'Hi' }] }], generationConfig: config }),
    });

  it('is said in the names of its own fields', async () => {
    const response = await post({ seed: 7, topP: 0.5 });
    const body = (await response.json()) as Annotated;

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toBe(
      'dropped=generationConfig.seed; dropped=generationConfig.topP',
    );
    expect(body.x_llmhub?.warnings.map(({ field }) => field)).toEqual([
      'generationConfig.seed',
      'generationConfig.topP',
    ]);
  });

  it.each([
    ['in strict mode', 'generationConfig.seed', { seed: 7 }, { 'x-llmhub-strict': 'true' }],
    ['always when it would change the answer', 'generationConfig.candidateCount', { candidateCount: 2 }, {}],
  ])('is refused %s, as Google would', async (_when, field, config, headers) => {
    const response = await post(config, headers);
    const { error } = (await response.json()) as {
      error: { status: string; message: string; details: unknown };
    };

    expect([response.status, error.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(error.message).toContain(`'${field}'`);
    expect(error.details).toContainEqual(
      expect.objectContaining({ fieldViolations: [expect.objectContaining({ field })] }),
    );
  });
});

describe('between OpenAI and OpenAI', () => {
  it('every byte the gateway does not own passes as it came', async () => {
    const raw =
      '{"model":"openai/gpt-4.1-mini", "seed": 18446744073709551615, "x_future": {"a":[1.10]}, ' +
      '"messages":[{"role":"user","content":"Hi"}]}';
    await gateway.chat(raw);
    const seen = gateway.simulator.requests().at(-1);

    expect(seen?.body).toMatchObject({ model: 'gpt-4.1-mini', x_future: { a: [1.1] } });
    expect(seen?.headers['content-length']).toBe(String(raw.length - 'openai/'.length));
  });

  it('carries a body of 32 MB', async () => {
    const response = await gateway.chat({
      model: 'gpt-4.1-mini',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'big' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(32_000_000)}` } },
          ],
        },
      ],
    });

    expect(response.status).toBe(200);
  }, 120_000);
});

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

  it('is refused always when it would change the answer', async () => {
    const response = await gateway.chat({ ...seeded, n: 2 });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'n' } });
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

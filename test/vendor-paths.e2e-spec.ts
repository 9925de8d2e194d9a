import { createHash, randomBytes } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { NotFoundError, toFile } from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(({ url }) => ({
    AI_GATEWAY_PROVIDERS_GROQ_BASE_URL: `${url}/groq/openai/v1`,
    AI_GATEWAY_PROVIDERS_GROQ_API_KEY: 'gsk_simulated_groq',
  }));
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const openai = (base = '/openai'): OpenAI =>
  new OpenAI({ baseURL: gateway.url + base, apiKey: gateway.projectKey, maxRetries: 0 });

describe('the paths of a vendor', () => {
  it.each(['/openai', '/openai/v1'])('carry files up and down for OpenAI’s SDK at %s', async base => {
    const bytes = randomBytes(20 * 1024 * 1024);
    const client = openai(base);
    const file = await client.files.create({ file: await toFile(bytes, 'big.bin'), purpose: 'user_data' });
    const listed = await client.files.list();
    const content = await client.files.content(file.id);

    expect(file).toMatchObject({ object: 'file', bytes: bytes.length, filename: 'big.bin' });
    expect(listed.data.map(({ id }) => id)).toEqual([file.id]);
    expect(await client.files.retrieve(file.id)).toMatchObject({ id: file.id, purpose: 'user_data' });
    expect(sha256(new Uint8Array(await content.arrayBuffer()))).toBe(sha256(bytes));
    expect(await client.files.delete(file.id)).toMatchObject({ deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toThrow(NotFoundError);
  });

  it('carry batches for OpenAI’s SDK', async () => {
    const client = openai();
    const line = { custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body: { model: 'gpt-5' } };
    const file = await toFile(Buffer.from(`${JSON.stringify(line)}\n`), 'batch.jsonl');
    const input = await client.files.create({ file, purpose: 'batch' });
    const made = await client.batches.create({
      input_file_id: input.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    const done = await client.batches.retrieve(made.id);
    const output = await (await client.files.content(done.output_file_id ?? '')).text();

    expect([made.status, done.status]).toEqual(['validating', 'completed']);
    expect(JSON.parse(output)).toMatchObject({ custom_id: 'one', response: { status_code: 200 } });
    expect((await client.batches.list()).data.map(({ id }) => id)).toEqual([made.id]);
  });

  it('carry Anthropic’s batches for Anthropic’s SDK, with either kind of key', async () => {
    const baseURL = `${gateway.url}/anthropic`;
    for (const key of [{ apiKey: gateway.projectKey }, { authToken: gateway.projectKey, apiKey: null }]) {
      const client = new Anthropic({ baseURL, maxRetries: 0, ...key });

      expect((await client.messages.batches.list()).data).toEqual([]);
      await expect(client.messages.batches.retrieve('none')).rejects.toMatchObject({
        status: 404,
        error: { type: 'error' },
      });
    }
    expect(gateway.simulator.requests().map(({ headers }) => headers['x-api-key'])).toEqual(
      Array(4).fill('sk-ant-simulated'),
    );
  });

  it('carry Google’s SDK', async () => {
    const google = new GoogleGenAI({
      apiKey: gateway.projectKey,
      httpOptions: { baseUrl: `${gateway.url}/google` },
    });
    const models = await google.models.list();
    const answer = await google.models.generateContent({
      model: 'gemini-2.5-flash',
      contents: '[[sim:say Hello there.]]',
    });

    expect(models.page.length).toBeGreaterThan(0);
    expect(answer.text).toBe('Hello there.');
    expect(gateway.simulator.requests().at(-1)?.headers['x-goog-api-key']).toBe('AIzaSimulated');
  });

  it('stream a chat and meter it', async () => {
    const { data, response } = await openai()
      .chat.completions.create({
        model: 'gpt-4.1-mini',
        messages: [{ role: 'user', content: '[[sim:say Hello there.]]' }],
        stream: true,
        stream_options: { include_usage: true },
      })
      .withResponse();
    let text = '';
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const sold = gateway.simulator.bill()['openai']?.['gpt-4.1-mini'];

    expect(text).toBe('Hello there.');
    expect(record).toMatchObject({
      endpoint: '/{vendor}/*',
      provider: 'openai',
      modelUsed: 'gpt-4.1-mini',
      stream: true,
      outcome: 'completed',
      status: 200,
      inputTokens: sold?.input,
      outputTokens: sold?.output,
      estimated: false,
    });
    expect(record.costNanoUsd).toBeGreaterThan(0);
  });

  it.each([
    [
      'google',
      '/google/v1beta/models/gemini-2.5-flash:generateContent',
      { contents: [{ parts: [{ text: 'Hi' }] }] },
    ],
    [
      'groq',
      '/groq/openai/v1/chat/completions',
      { model: 'llama-3.1-8b-instant', messages: [{ role: 'user', content: 'Hi' }] },
    ],
  ])('take the path that %s documents, and meter whole answers', async (vendor, path, body) => {
    const response = await gateway.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const [sold] = Object.values(gateway.simulator.bill()[vendor] ?? {});

    expect(response.status).toBe(200);
    await response.text();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({ provider: vendor, inputTokens: sold?.input, outputTokens: sold?.output });
    expect(record.costNanoUsd).toBeGreaterThan(0);
  });
});

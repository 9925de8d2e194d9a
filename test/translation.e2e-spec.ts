import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { eventually } from './support/eventually.js';
import type { TestGateway } from './support/gateway.js';
import { affordRetries } from './support/retries.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const SAID = 'This is the translation of hello.wav';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const at = `/admin/projects/${gateway.projectId}/routing-policies`;
  const targets = ['mistral/voxtral-mini', 'openai/whisper-1', 'groq/whisper-large-v3'];
  const policy = { name: 'interpreters', targets: targets.map(model => ({ model })) };
  expect(await gateway.admin('POST', at, policy)).toMatchObject({ status: 201 });
});
beforeEach(() => gateway.simulator.reset());
afterEach(() => eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([])));
afterAll(() => gateway?.stop());

function post(fields: Record<string, string>): Promise<Response> {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  body.append('file', new File([new Uint8Array(HELLO)], 'hello.wav', { type: 'audio/wav' }));
  return gateway.call('/v1/audio/translations', { method: 'POST', body });
}

describe('translation', () => {
  it.each([
    ['json', 'application/json', /^\{"text":"This is the translation of hello\.wav/],
    ['verbose_json', 'application/json', /"segments":\[/],
    ['text', 'text/plain', /^This is the translation of hello\.wav/],
    ['srt', 'text/plain', /^1\n00:00:00,000 --> 00:00:0/],
    ['vtt', 'text/plain', /^WEBVTT\n\n00:00:00\.000 --> /],
  ])('answers in %s, and every format is metered', async (format, type, body) => {
    const response = await post({ model: 'whisper-1', response_format: format });
    const text = await response.text();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect({ status: response.status, text }).toMatchObject({ status: 200 });
    expect(response.headers.get('content-type')).toContain(type);
    expect(text).toMatch(body);
    expect(record).toMatchObject({ endpoint: '/v1/audio/translations', outcome: 'completed' });
    expect(record.audioMs).toBeGreaterThan(1000);
    expect(record.costNanoUsd).toBeGreaterThan(0);
    expect(Number(response.headers.get('x-llmhub-cost-usd'))).toBe((record.costNanoUsd ?? 0) / 1e9);
  });

  it('serves the official SDK, in the default format and in the verbose one', async () => {
    const file = await toFile(HELLO, 'hello.wav');
    const asked = { file, model: 'whisper-1', prompt: 'Names: Ada.', temperature: 0.2 };
    const plain = await openai.audio.translations.create(asked);
    const verbose = await openai.audio.translations.create({ ...asked, response_format: 'verbose_json' });

    expect(plain.text).toContain(SAID);
    expect(plain).not.toHaveProperty('segments');
    expect(verbose).toMatchObject({ language: 'english', text: plain.text });
    expect(gateway.simulator.requests().at(-1)?.body).toMatchObject({
      prompt: 'Names: Ada.',
      temperature: '0.2',
    });
  });

  it('asks only vendors that translate, and the next one when one fails', async () => {
    affordRetries(gateway, 'interpreters');
    const prompt = '[[sim:fault status=503,vendor=openai]]';
    const response = await post({ model: 'interpreters', prompt });

    expect(response.headers.get('x-llmhub-provider')).toBe('groq');
    await expect(response.json()).resolves.toMatchObject({ text: expect.stringContaining(SAID) as unknown });
    expect(Object.keys(gateway.simulator.calls()).toSorted()).toEqual(['groq', 'openai']);
  });

  it('names who translates where a vendor does not', async () => {
    const response = await post({ model: 'mistral/voxtral-mini' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: {
        type: 'invalid_request_error',
        param: 'model',
        message: expect.stringMatching(/'mistral' offers no translation.*: .*\bopenai, .*groq/) as unknown,
      },
    });
    expect(gateway.simulator.calls()).toEqual({});
  });

  it.each([
    ['speakers', { response_format: 'diarized_json' }, 'response_format'],
    ['a stream', { stream: 'true' }, 'stream'],
    ['a wrong temperature', { temperature: '2' }, 'temperature'],
    ['no model', { model: '' }, 'model'],
  ])('refuses %s, naming the field', async (_, fields, param) => {
    const response = await post({ model: 'whisper-1', ...fields });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it("tells a vendor's refusal in its own words", async () => {
    const response = await post({ model: 'gpt-4o-transcribe' });

    expect(response.status).toBe(400);
    await expect(response.text()).resolves.toContain('does not support translations');
  });
});

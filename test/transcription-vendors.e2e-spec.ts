import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { affordRetries } from './support/retries.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const MODELS = ['deepgram/nova-3', 'elevenlabs/scribe_v1', 'mistral/voxtral-mini-latest'];
const SAID = 'One two three four five. Six seven eight nine ten.';
const SECONDS = { deepgram: 1695, elevenlabs: 1695, mistral: 2000 };

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway(({ url }) =>
    Object.fromEntries(
      ['deepgram', 'elevenlabs', 'mistral'].flatMap(vendor => {
        const variable = `AI_GATEWAY_PROVIDERS_${vendor.toUpperCase()}`;
        return [
          [`${variable}_BASE_URL`, `${url}/${vendor}/v1`],
          [`${variable}_API_KEY`, `key-of-the-gateway-for-${vendor}`],
        ];
      }),
    ),
  );
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const prices = Object.fromEntries(MODELS.map(model => [model, { input_cost_per_second: 0.0001 }]));
  expect((await gateway.admin('PUT', '/admin/prices', { prices })).status).toBe(200);
  const at = `/admin/projects/${gateway.projectId}/routing-policies`;
  const policy = { name: 'listeners', targets: MODELS.map(model => ({ model })) };
  expect(await gateway.admin('POST', at, policy)).toMatchObject({ status: 201 });
});
beforeEach(() => gateway.simulator.reset());
afterEach(() => eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([])));
afterAll(() => gateway?.stop());

interface Sent {
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly file?: Buffer;
}

function post({ fields, headers = {}, file = HELLO }: Sent): Promise<Response> {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  body.append('file', new File([new Uint8Array(file)], 'hello.wav', { type: 'audio/wav' }));
  return gateway.call('/v1/audio/transcriptions', { method: 'POST', body, headers });
}

/** What is heard; Mistral knows words without blanks. */
const hint = (model: string): Record<string, string> =>
  model.startsWith('mistral') ? {} : { 'keywords[]': `[[sim:say ${SAID}]]` };

it('goes from one vendor to the next, whatever each of them is like', async () => {
  affordRetries(gateway, 'listeners');
  gateway.simulator.chaos([
    { vendor: 'deepgram', fault: 'status=503' },
    { vendor: 'elevenlabs', fault: 'malformed' },
  ]);
  const response = await post({ fields: { model: 'listeners', response_format: 'srt' } });

  expect(response.status).toBe(200);
  expect(response.headers.get('x-llmhub-provider')).toBe('mistral');
  await expect(response.text()).resolves.toMatch(/^1\n00:00:00,000/);
});

describe('samples without a container', () => {
  const samples = HELLO.subarray(44);
  const terms = { encoding: 'linear16', sample_rate: '16000' };

  it('are for the vendor in whose words the caller says so', async () => {
    const response = await post({ fields: { model: 'deepgram/nova-3', ...terms }, file: samples });

    expect(response.status).toBe(200);
    expect(gateway.simulator.requests().at(-1)?.body).toMatchObject({
      ...terms,
      file: { bytes: samples.length },
    });
  });

  it.each(['elevenlabs/scribe_v1', 'mistral/voxtral-mini-latest'])('are not for %s', async model => {
    const response = await post({ fields: { model, ...terms }, file: samples });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { param: 'file', message: expect.stringContaining(`'${model}' takes no samples`) as unknown },
    });
    expect(gateway.simulator.calls()).toEqual({});
  });

  it('are nothing known where the caller does not say so', async () => {
    const response = await post({ fields: { model: 'deepgram/nova-3' }, file: samples });

    expect(response.status).toBe(400);
    expect(gateway.simulator.calls()).toEqual({});
  });
});

describe.each(MODELS)('transcription by %s', model => {
  const vendor = model.split('/')[0] as keyof typeof SECONDS;

  it.each([
    ['json', 'application/json', /^\{"text":".*"usage":\{"type":"duration","seconds":/],
    ['verbose_json', 'application/json', /"segments":\[\{"id":0,"start":0,/],
    ['diarized_json', 'application/json', /"speaker":"A".*"speaker":"B"/],
    ['text', 'text/plain', /^\w.*\n$/],
    ['srt', 'text/plain', /^1\n00:00:00,000 --> 00:00:0/],
    ['vtt', 'text/plain', /^WEBVTT\n\n00:00:00\.000 --> /],
  ])('answers in %s, and every format is metered', async (format, type, body) => {
    const response = await post({ fields: { model, response_format: format, ...hint(model) } });
    const text = await response.text();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect({ status: response.status, text }).toMatchObject({ status: 200 });
    expect(text).toMatch(body);
    expect(response.headers.get('content-type')).toContain(type);
    expect(record).toMatchObject({
      outcome: 'completed',
      provider: vendor,
      audioMs: SECONDS[vendor],
      estimated: false,
      costNanoUsd: SECONDS[vendor] * 100,
    });
    expect(Number(response.headers.get('x-llmhub-cost-usd'))).toBe((record.costNanoUsd ?? 0) / 1e9);
  });

  it('tells words, when these are wanted', async () => {
    const file = await toFile(HELLO, 'hello.wav');
    const answer = await openai.audio.transcriptions.create({
      file,
      model,
      response_format: 'verbose_json',
      timestamp_granularities: ['word'],
    });

    expect(answer.words?.[0]).toMatchObject({ word: 'This', start: 0 });
    expect(answer.segments).toBeUndefined();
    expect(answer.duration).toBeGreaterThan(1.6);
  });

  it('streams to the official SDK what the vendor tells, and the cost with it', async () => {
    const file = await toFile(HELLO, 'hello.wav');
    const stream = await openai.audio.transcriptions.create({ file, model, stream: true });
    const events = [];
    for await (const event of stream) {
      events.push(event);
    }

    const types = new Set(events.map(({ type }) => type));
    expect([...types]).toEqual(['transcript.text.delta', 'transcript.text.done']);
    expect(events.at(-1)).toMatchObject({
      usage: { type: 'duration', cost: (SECONDS[vendor] * 100) / 1e9 },
      x_llmhub: { provider: vendor },
    });
  });

  it('is billed by the length of the recording where the vendor tells none', async () => {
    gateway.simulator.chaos([{ fault: 'no-usage' }]);
    const response = await post({ fields: { model } });
    await expect(response.json()).resolves.toMatchObject({ x_llmhub: { usage_estimated: true } });

    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      audioMs: 1695,
      estimated: true,
      costNanoUsd: 169_500,
    });
  });

  it.each([
    ['status=500', 502],
    ['status=429', 429],
    ['malformed', 502],
    ['empty', 502],
    ['html=200', 502],
    ['drop', 502],
  ])('that fails (%s) is a %d', async (fault, status) => {
    gateway.simulator.chaos([{ fault }]);
    const response = await post({ fields: { model } });

    expect(response.status).toBe(status);
    await expect(response.json()).resolves.toMatchObject({
      error: { message: expect.any(String) as unknown },
    });
  });

  it("tells the vendor's refusal in its own words", async () => {
    const response = await post({ fields: { model: `${vendor}/no-such-model` } });

    expect(response.status).toBe(404);
    await expect(response.text()).resolves.toContain('does not exist');
  });

  it('tells what is lost, and refuses that in strict mode', async () => {
    const fields = { model, prompt: 'Names: Ada.' };
    const response = await post({ fields });
    const strict = await post({ fields, headers: { 'x-llmhub-strict': 'true' } });

    expect(response.headers.get('x-llmhub-warnings')).toContain('dropped=prompt');
    expect(strict.status).toBe(400);
    await expect(strict.json()).resolves.toMatchObject({ error: { param: 'prompt' } });
  });

  it('takes a key of the project', async () => {
    const keys = `/admin/projects/${gateway.projectId}/provider-keys`;
    const key = { provider: vendor, name: 'ears', apiKey: `key-of-${vendor}-0001` };
    const { body } = await gateway.admin<{ id: string }>('POST', keys, key);
    const bare = model.split('/')[1] ?? '';
    const response = await post({ fields: { model: bare, llm_api_key_id: body.id } });
    const seen = gateway.simulator.requests().at(-1)?.headers;
    await gateway.admin('DELETE', `${keys}/${body.id}`);

    expect(response.status).toBe(200);
    expect(seen?.['xi-api-key'] ?? seen?.['authorization']).toMatch(
      new RegExp(`^(Token |Bearer )?${key.apiKey}$`),
    );
  });
});

it('a vendor with ears alone is asked for nothing else', async () => {
  const response = await gateway.chat({
    model: 'deepgram/nova-3',
    messages: [{ role: 'user', content: 'Hi.' }],
  });

  expect(response.status).toBe(400);
});

describe('a language for Mistral', () => {
  const fields = { model: 'mistral/voxtral-mini-latest', language: 'de' };

  it('is told it where it is to tell no times', async () => {
    expect((await post({ fields })).status).toBe(200);
    expect(gateway.simulator.requests().at(-1)?.body).toMatchObject({ language: 'de' });
  });

  it.each(['srt', 'verbose_json', 'diarized_json'])('is lost in %s, which is told', async response_format => {
    const timed = { ...fields, response_format };
    const response = await post({ fields: timed });
    const strict = await post({ fields: timed, headers: { 'x-llmhub-strict': 'true' } });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toContain('dropped=language');
    expect(gateway.simulator.requests().at(-1)?.body).not.toHaveProperty('language');
    expect(strict.status).toBe(400);
    await expect(strict.json()).resolves.toMatchObject({ error: { param: 'language' } });
  });
});

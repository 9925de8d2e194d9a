import type { ServerResponse } from 'node:http';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type Heard, type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';
import { CHAT_USAGE, EVENT_STREAM, vendorEvents } from './support/raw-vendor.js';
import { testServiceAccount } from './support/service-account.js';

const messages = [{ role: 'user', content: 'Hi.' }];
const CHAT_ANSWER = {
  id: 'c-1',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  ...CHAT_USAGE,
};
const CLAUDE_ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'Hello.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 7, output_tokens: 3 },
};
const GEMINI_ANSWER = {
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'Hello.' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
};

/** The headers of a request that say who asks, and how. */
function shown({ headers }: Heard): Record<string, unknown> {
  const names = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key', 'anthropic-version'];
  return Object.fromEntries(names.filter(name => name in headers).map(name => [name, headers[name]]));
}

let vendor: ListeningVendor;
let gateway: TestGateway;

/** What the vendor was sent for a chat, and what the caller got. */
async function exchange(body: object, answer: object | string) {
  vendor.heard.length = 0;
  vendor.answer((response, { url }) => (url === '/token' ? sellToken(response) : send(response, answer)));
  const response = await gateway.chat({ messages, ...body });
  const text = await response.text();
  const request = vendor.heard.find(({ url }) => url !== '/token');
  return { status: response.status, text, request, json: JSON.parse(request?.body || 'null') as unknown };
}

function send(response: ServerResponse, answer: object | string): void {
  if (typeof answer === 'string') {
    response.writeHead(200, EVENT_STREAM).end(answer);
  } else {
    response.end(JSON.stringify(answer));
  }
}

function sellToken(response: ServerResponse): void {
  response.end(JSON.stringify({ access_token: 'ya29.token-0123456789', expires_in: 3600 }));
}

beforeAll(async () => {
  vendor = await startListeningVendor();
  gateway = await startGateway({
    AWS_BEARER_TOKEN_BEDROCK: 'bedrock-0123456789',
    AI_GATEWAY_PROVIDERS_BEDROCK_BASE_URL: vendor.url,
    AI_GATEWAY_PROVIDERS_VERTEX_API_KEY: testServiceAccount(`${vendor.url}/token`).key,
    AI_GATEWAY_PROVIDERS_VERTEX_BASE_URL: `${vendor.url}/v1/projects/{project}/locations/europe-west4`,
    AI_GATEWAY_EGRESS_ALLOW: '127.0.0.1',
  });
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

describe('Bedrock', () => {
  const key = { authorization: 'Bearer bedrock-0123456789' };

  it('is asked for Claude by Anthropic’s dialect, in the version that the model knows', async () => {
    const { status, text, request, json } = await exchange(
      { model: 'bedrock/anthropic.claude-haiku-4-5', max_tokens: 9 },
      CLAUDE_ANSWER,
    );

    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      { choices: [{ message: { content: 'Hello.' } }], usage: { prompt_tokens: 7 } },
    ]);
    expect(request).toMatchObject({ method: 'POST', url: '/anthropic/v1/messages' });
    expect(request && shown(request)).toEqual({ ...key, 'anthropic-version': '2023-06-01' });
    expect(json).toEqual({
      model: 'anthropic.claude-haiku-4-5',
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi.' }] }],
    });
  });

  it('streams Claude', async () => {
    const { text, request } = await exchange(
      { model: 'bedrock/anthropic.claude-opus-5-5', stream: true },
      vendorEvents('anthropic', ['Hel', 'lo.']).join(''),
    );

    expect(request && shown(request)).toEqual({ ...key, 'anthropic-version': '2026-10-21' });
    expect(text).toContain('"content":"Hel"');
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it.each([
    ['openai.gpt-oss-120b', '/v1/chat/completions'],
    ['xai.grok-4.3', '/openai/v1/chat/completions'],
  ])('is asked for %s by OpenAI’s chat at %s, the bytes as they came', async (model, url) => {
    const { status, request } = await exchange({ model: `bedrock/${model}`, future_field: 1 }, CHAT_ANSWER);

    expect(status).toBe(200);
    expect(request).toMatchObject({
      method: 'POST',
      url,
      body: JSON.stringify({ messages, model, future_field: 1 }),
    });
    expect(request && shown(request)).toEqual(key);
  });
});

describe('Vertex', () => {
  const place = '/v1/projects/my-project/locations/europe-west4';
  const token = { authorization: 'Bearer ya29.token-0123456789' };

  it('is asked for Gemini with a token that the account’s key bought once', async () => {
    const { status, text, request, json } = await exchange({ model: 'vertex/gemini-3-pro' }, GEMINI_ANSWER);

    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      { choices: [{ message: { content: 'Hello.' } }] },
    ]);
    expect(request).toMatchObject({
      method: 'POST',
      url: `${place}/publishers/google/models/gemini-3-pro:generateContent`,
    });
    expect(request && shown(request)).toEqual(token);
    expect(json).toMatchObject({ contents: [{ role: 'user', parts: [{ text: 'Hi.' }] }] });
    const bought = vendor.heard.filter(({ url }) => url === '/token');
    expect(bought.map(({ method, headers }) => [method, headers['content-type']])).toEqual([
      ['POST', 'application/x-www-form-urlencoded'],
    ]);

    await exchange({ model: 'vertex/gemini-3-pro' }, GEMINI_ANSWER);
    expect(vendor.heard.map(({ url }) => url)).not.toContain('/token');
  });

  it('streams Gemini', async () => {
    const { text, request } = await exchange(
      { model: 'vertex/gemini-3-pro', stream: true },
      vendorEvents('google', ['Hel', 'lo.']).join(''),
    );

    expect(request?.url).toBe(`${place}/publishers/google/models/gemini-3-pro:streamGenerateContent?alt=sse`);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it.each([
    [false, 'rawPredict', CLAUDE_ANSWER],
    [true, 'streamRawPredict', vendorEvents('anthropic', ['Hello.']).join('')],
  ])('is asked for Claude with the version in the body (streamed: %s)', async (stream, method, answer) => {
    const model = 'claude-haiku-4-5@20251001';
    const { status, text, request, json } = await exchange(
      { model: `vertex/${model}`, max_tokens: 9, stream },
      answer,
    );

    expect(status).toBe(200);
    expect(text).toContain('Hello.');
    expect(request?.url).toBe(`${place}/publishers/anthropic/models/${model}:${method}`);
    expect(request && shown(request)).toEqual(token);
    expect(json).toEqual({
      anthropic_version: 'vertex-2023-10-16',
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi.' }] }],
      ...(stream && { stream }),
    });
  });

  it('takes the key of a project, as the file has it, and tells whether it buys tokens', async () => {
    const { body: project } = await gateway.admin<{ id: string }>('POST', '/admin/projects', { name: 'own' });
    const add = (apiKey: string) =>
      gateway.admin<{ id: string }>('POST', `/admin/projects/${project.id}/provider-keys`, {
        provider: 'vertex',
        name: `key ${apiKey.length}`,
        apiKey,
      });
    const verdict = async (id: string) => {
      const path = `/admin/projects/${project.id}/provider-keys/${id}/verify`;
      const { status, body } = await gateway.admin<{ valid: boolean }>('POST', path);
      return [status, body.valid];
    };
    const good = await add(testServiceAccount(`${vendor.url}/token`).key);
    const other = await add(testServiceAccount(`${vendor.url}/token`, { client_email: 'x@y.z' }).key);
    expect([good.status, other.status]).toEqual([201, 201]);

    vendor.answer(sellToken);
    expect(await verdict(good.body.id)).toEqual([200, true]);
    vendor.answer(response => response.writeHead(400).end('{"error":"invalid_grant"}'));
    expect(await verdict(other.body.id)).toEqual([200, false]);
    expect((await add('{"not": "ascii é"}')).status).toBe(400);
  });

  it('says what a key must be that is none', async () => {
    const { status } = await gateway.admin('POST', `/admin/projects/${gateway.projectId}/provider-keys`, {
      provider: 'vertex',
      name: 'wrong',
      apiKey: 'AIzaNotAnAccount0123',
      isDefault: true,
    });
    expect(status).toBe(201);
    const response = await gateway.chat({ model: 'vertex/gemini-3-pro', messages });

    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'unusable_provider_key',
        message: expect.stringContaining('the JSON key of a Google service account'),
      },
    });
  });
});

describe('Azure', () => {
  it.each([
    ['the newer address', '/openai/v1', '/openai/v1/chat/completions'],
    [
      'the address of deployments',
      '/openai/deployments/{model}?api-version=2024-10-21',
      '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
    ],
  ])('is asked at %s with its own header for the key', async (_, base, url) => {
    const other = await startGateway({
      AZURE_OPENAI_API_KEY: 'azure-1234567890',
      AI_GATEWAY_PROVIDERS_AZURE_OPENAI_BASE_URL: vendor.url + base,
    });
    try {
      vendor.heard.length = 0;
      vendor.answer(response => response.end(JSON.stringify(CHAT_ANSWER)));
      const response = await other.chat({ model: 'azure-openai/my gpt', messages });

      expect(response.status).toBe(200);
      expect(vendor.heard).toMatchObject([
        { method: 'POST', url, body: JSON.stringify({ model: 'my gpt', messages }) },
      ]);
      expect(vendor.heard.map(shown)).toEqual([{ 'api-key': 'azure-1234567890' }]);
    } finally {
      await other.stop();
    }
  });
});

import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';
import { usageOf } from './support/usage.js';

/** Ids as OpenAI gives them. */
const RESPONSE = 'resp_047f9036fb333784006a5fe9db456c819095d041b89bf6629e';
const CONVERSATION = 'conv_047f9036fb333784006a5fe9db456c819095d041b89bf6629e';
const KEY = 'sk-of-the-gateway';

let vendor: ListeningVendor;
let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  vendor = await startListeningVendor();
  vendor.answer((response, { method, url }) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        JSON.stringify({ id: RESPONSE, object: 'response', status: 'completed', output: [], method, url }),
      ),
  );
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1`,
    AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: KEY,
  });
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

async function issue(scope: object): Promise<OpenAI> {
  const { body } = await gateway.admin<{ key: string }>(
    'POST',
    `/admin/projects/${gateway.projectId}/api-keys`,
    { name: 'narrow', ...scope },
  );
  return new OpenAI({ apiKey: body.key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
}

describe('what OpenAI keeps', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['GET', `/v1/responses/${RESPONSE}`, () => openai.responses.retrieve(RESPONSE)],
    [
      'GET',
      `/v1/responses/${RESPONSE}?include=reasoning.encrypted_content&starting_after=3`,
      () => gateway.call(`/v1/responses/${RESPONSE}?include=reasoning.encrypted_content&starting_after=3`),
    ],
    ['DELETE', `/v1/responses/${RESPONSE}`, () => openai.responses.delete(RESPONSE)],
    ['POST', `/v1/responses/${RESPONSE}/cancel`, () => openai.responses.cancel(RESPONSE)],
    [
      'GET',
      `/v1/responses/${RESPONSE}/input_items?limit=2`,
      () => gateway.call(`/v1/responses/${RESPONSE}/input_items?limit=2`),
    ],
    ['GET', `/v1/conversations/${CONVERSATION}`, () => openai.conversations.retrieve(CONVERSATION)],
    [
      'POST',
      `/v1/conversations/${CONVERSATION}/items`,
      () => openai.conversations.items.create(CONVERSATION, { items: [{ role: 'user', content: 'Hi' }] }),
    ],
    [
      'DELETE',
      `/v1/conversations/${CONVERSATION}/items/msg_1`,
      () => openai.conversations.items.delete('msg_1', { conversation_id: CONVERSATION }),
    ],
  ])('is asked for there: %s %s', async (method, url, ask) => {
    await ask();
    const heard = vendor.heard.at(-1);

    expect([heard?.method, heard?.url]).toEqual([method, url]);
    expect(heard?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(heard?.headers['x-llmhub-strict']).toBeUndefined();
  });

  it('goes on there, byte by byte, with the state that the caller names', async () => {
    const asked = { model: 'gpt-5', input: 'Hi', previous_response_id: RESPONSE, store: true };
    await openai.responses.create(asked);
    await openai.responses.create({ model: 'gpt-5', input: 'Hi', background: true });

    expect(JSON.parse(vendor.heard.at(-2)?.body ?? '')).toEqual(asked);
    expect(JSON.parse(vendor.heard.at(-1)?.body ?? '')).toMatchObject({ background: true });
  });

  it('leaves a usage record', async () => {
    const response = await gateway.call(`/v1/responses/${RESPONSE}`);
    await response.text();

    expect(await usageOf(gateway, response.headers.get('x-request-id'))).toMatchObject({
      provider: 'openai',
      status: 200,
      outputTokens: 0,
    });
  });

  it('is not for keys that are for some models only, nor for those of other vendors', async () => {
    for (const scope of [{ allowedModels: ['openai/gpt-5'] }, { allowedVendors: ['anthropic'] }]) {
      const narrow = await issue(scope);
      await expect(failureOf(narrow.responses.retrieve(RESPONSE))).resolves.toMatchObject({ status: 403 });
    }
  });

  it('is never asked for by an id of the gateway', async () => {
    const before = vendor.heard.length;
    const id = `resp_${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}`;

    await expect(failureOf(openai.responses.retrieve(id))).resolves.toMatchObject({
      status: 404,
      code: 'response_not_found',
    });
    expect(vendor.heard).toHaveLength(before);
  });

  it('is nowhere for a gateway that has no key for OpenAI', async () => {
    const without = await startGateway({
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: '',
      AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: '',
    });
    try {
      const response = await without.call(`/v1/responses/${RESPONSE}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'response_not_found' } });
    } finally {
      await without.stop();
    }
  });
});

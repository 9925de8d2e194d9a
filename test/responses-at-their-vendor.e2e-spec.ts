import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';

const BEDROCK = 'bedrock/openai.gpt-5.5';
const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 15,
};

let openai: ListeningVendor;
let bedrock: ListeningVendor;
let gateway: TestGateway;
let client: OpenAI;
/** Both vendors give ids of one form. */
let made = 0;

const clientWith = (apiKey: string): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

beforeAll(async () => {
  [openai, bedrock] = await Promise.all([startListeningVendor(), startListeningVendor()]);
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${openai.url}/v1`,
    AI_GATEWAY_PROVIDERS_BEDROCK_BASE_URL: bedrock.url,
    AWS_BEARER_TOKEN_BEDROCK: 'bedrock-0123456789',
  });
  client = clientWith(gateway.projectKey);
  for (const vendor of [openai, bedrock]) {
    vendor.answer((response, { method, url = '' }) => {
      made += method === 'POST' && url.endsWith('/responses') ? 1 : 0;
      const id = `resp_${String(made).padStart(48, '0')}`;
      const body = { id, object: 'response', status: 'completed', model: 'gpt', output: [], usage };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }
});
afterAll(async () => {
  await gateway?.stop();
  await openai?.close();
  await bedrock?.close();
});

const ask = async (model: string): Promise<string> => {
  const { id } = await client.responses.create({ model, input: 'Hi.' });
  return id;
};
const last = ({ heard }: ListeningVendor): string => `${heard.at(-1)?.method} ${heard.at(-1)?.url}`;

describe('a response that a vendor keeps', () => {
  it('is asked for at the vendor that gave its id', async () => {
    const [there, here] = [await ask(BEDROCK), await ask('gpt-5')];

    await client.responses.retrieve(there);
    expect(last(bedrock)).toBe(`GET /openai/v1/responses/${there}`);
    await client.responses.cancel(there);
    expect(last(bedrock)).toBe(`POST /openai/v1/responses/${there}/cancel`);
    await client.responses.inputItems.list(there, { limit: 3 });
    expect(last(bedrock)).toBe(`GET /openai/v1/responses/${there}/input_items?limit=3`);
    await client.responses.delete(there);
    expect(last(bedrock)).toBe(`DELETE /openai/v1/responses/${there}`);
    expect(bedrock.heard.at(-1)?.headers.authorization).toBe('Bearer bedrock-0123456789');

    await client.responses.retrieve(here);
    expect(last(openai)).toBe(`GET /v1/responses/${here}`);
  });

  it('is asked for at OpenAI when nobody here knows the id', async () => {
    await client.responses.retrieve('resp_of_another_gateway');
    expect(last(openai)).toBe('GET /v1/responses/resp_of_another_gateway');
  });

  it('is not looked for where another project was answered', async () => {
    const there = await ask(BEDROCK);
    const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'other' });

    await clientWith(body.apiKey).responses.retrieve(there);
    expect(last(openai)).toBe(`GET /v1/responses/${there}`);
    expect(last(bedrock)).toBe('POST /openai/v1/responses');
  });
});

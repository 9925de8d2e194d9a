import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { CHAT_USAGE, type RawVendor, startRawVendor } from './support/raw-vendor.js';
import { usageOf } from './support/usage.js';

const MARK = '\uFEFF';
const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Tea.' }, finish_reason: 'stop' }],
  ...CHAT_USAGE,
};
const VECTORS = {
  object: 'list',
  model: 'm',
  data: [{ object: 'embedding', index: 0, embedding: [0.5, 0.25] }],
  usage: { prompt_tokens: 7, total_tokens: 7 },
};
const messages = [{ role: 'user', content: 'What is tea?' }];

let gateway: TestGateway;
let vendor: RawVendor;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway(vendor.env);
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

it.each([
  ['/v1/chat/completions', { model: 'openai/gpt-4.1-mini', messages }, COMPLETION],
  ['/v1/messages', { model: 'openai/gpt-4.1-mini', messages, max_tokens: 50 }, COMPLETION],
  ['/v1/embeddings', { model: 'openai/text-embedding-3-small', input: 'Tea' }, VECTORS],
  ['/openai/v1/chat/completions', { model: 'gpt-4.1-mini', messages }, COMPLETION],
])('a byte order mark before an answer keeps nobody at %s from reading it', async (path, body, answer) => {
  vendor.answer(response =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(MARK + JSON.stringify(answer)),
  );
  const response = await postJson(gateway, path, body);
  const text = Buffer.from(await response.arrayBuffer()).toString();
  const isOwnPath = path.startsWith('/openai/'); // where bytes pass as they are

  expect([response.status, text.startsWith(MARK)]).toEqual([200, isOwnPath]);
  expect(JSON.parse(text.replace(MARK, ''))).toHaveProperty('usage');
  await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
    inputTokens: 7,
    estimated: false,
  });
});

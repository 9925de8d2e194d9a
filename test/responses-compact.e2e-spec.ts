import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { usageOf } from './support/usage.js';

const PATH = '/v1/responses/compact';
const input = [
  { role: 'user' as const, content: 'Hello!' },
  { role: 'assistant' as const, content: 'Hello. What can I do?' },
  { role: 'user' as const, content: 'Nothing.' },
];

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
afterAll(() => gateway?.stop());

const post = (body: object): Promise<Response> => postJson(gateway, PATH, body);

it('is made short by OpenAI, goes on from there, and is metered', async () => {
  const { data: short, response } = await openai.responses
    .compact({ model: 'openai/gpt-5', input })
    .withResponse();
  const answer = await openai.responses.create({
    model: 'openai/gpt-5',
    input: [...(short.output as OpenAI.Responses.ResponseInputItem[]), { role: 'user', content: 'Go on.' }],
  });

  expect(short).toMatchObject({ object: 'response.compaction', x_llmhub: { provider: 'openai' } });
  expect(short.output.map(({ type }) => type)).toEqual(['message', 'message', 'compaction']);
  expect(answer.output_text).not.toBe('');
  expect(gateway.simulator.requests().map(({ path }) => path)).toEqual([PATH, '/v1/responses']);
  await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
    endpoint: PATH,
    outcome: 'completed',
    inputTokens: short.usage.input_tokens,
    outputTokens: short.usage.output_tokens,
  });
});

it('reaches OpenAI byte by byte, but for the name of the model', async () => {
  await post({ model: 'openai/gpt-5', input, instructions: 'Be brief.' });
  const seen = gateway.simulator.requests().at(-1);

  expect(seen?.body).toEqual({ model: 'gpt-5', input, instructions: 'Be brief.' });
});

describe('a response that the gateway keeps', () => {
  it.each([
    ['and what was said since', { input: 'Thanks.' }],
    ['alone', {}],
  ])('is made short, with all before it, %s', async (_, since) => {
    const model = 'anthropic/claude-sonnet-5';
    const first = await openai.responses.create({ model, input: 'I am Ada.' });
    const { id: previous_response_id, output_text } = await openai.responses.create({
      model,
      input: 'Who am I?',
      previous_response_id: first.id,
    });
    const short = await openai.responses.compact({ model: 'openai/gpt-5', previous_response_id, ...since });
    const sent = gateway.simulator.requests().at(-1);

    expect(sent?.path).toBe(PATH);
    expect(Object.keys(sent?.body as object)).toEqual(expect.not.arrayContaining(['previous_response_id']));
    for (const said of ['I am Ada.', first.output_text, 'Who am I?', output_text, ...Object.values(since)]) {
      expect(JSON.stringify(sent?.body)).toContain(JSON.stringify(said).slice(1, -1));
    }
    expect(short.output.at(-1)).toMatchObject({ type: 'compaction' });
  });

  it('is not made short when it is not there, or not open to the key', async () => {
    const { id } = await openai.responses.create({ model: 'anthropic/claude-sonnet-5', input: 'A secret' });
    const { body } = await gateway.admin<{ key: string }>(
      'POST',
      `/admin/projects/${gateway.projectId}/api-keys`,
      { name: 'narrow', allowedModels: ['openai/*'] },
    );
    const narrow = new OpenAI({ apiKey: body.key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asked = { model: 'openai/gpt-5', previous_response_id: id } as const;

    await expect(narrow.responses.compact(asked)).rejects.toMatchObject({ status: 403 });
    await openai.responses.delete(id);
    await expect(openai.responses.compact(asked)).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    });
  });
});

it.each(['anthropic/claude-sonnet-5', 'google/gemini-3-pro'])(
  'is refused for %s in the words of OpenAI, whatever else is in it, and the vendor is not asked',
  async model => {
    const before = gateway.simulator.requests().length;
    const response = await post({ model, previous_response_id: 'resp_1' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: {
        type: 'invalid_request_error',
        code: 'unsupported_endpoint',
        param: 'model',
        message: expect.stringMatching(/compacts no conversations\. Send less of it/),
      },
    });
    expect(gateway.simulator.requests()).toHaveLength(before);
  },
);

it('needs something to make short', async () => {
  const response = await post({ model: 'openai/gpt-5' });

  expect(response.status).toBe(400);
  await expect(response.json()).resolves.toMatchObject({ error: { param: 'input' } });
});

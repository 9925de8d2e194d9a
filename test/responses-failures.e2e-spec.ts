import OpenAI, {
  APIError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { RESPONSES_VENDORS } from './support/responses.js';
import { checkResponsesStream } from './support/responses-stream-grammar.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

function post(body: object, headers: Record<string, string> = {}, at = '/v1/responses'): Promise<Response> {
  return gateway.call(at, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe.each(RESPONSES_VENDORS)('Responses from %s', (vendor, model) => {
  it('guess no count of tokens in strict mode', async () => {
    const strict = { 'x-llmhub-strict': 'true' };
    const response = await post({ model, input: 'Hi' }, strict, '/v1/responses/input_tokens');

    expect(response.status).toBe(vendor === 'openai' ? 200 : 400);
  });

  describe.each([
    ['streamed', true],
    ['whole', false],
  ])('%s', (_kind, stream) => {
    it.each([
      ['status=400', 400, BadRequestError],
      ['status=401', 502, InternalServerError],
      ['status=404', 404, NotFoundError],
      ['status=429,retry-after=7', 429, RateLimitError],
      ['status=500', 502, InternalServerError],
      ['status=529', 503, InternalServerError],
      ['empty', 502, InternalServerError],
      ['cut=0', 502, InternalServerError],
    ] as const)('a failure before the first byte (%s) is %d', async (fault, status, kind) => {
      const error: unknown = await openai.responses
        .create({ model, stream, input: `Hi [[sim:fault ${fault}]]` })
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ status });
      expect((error as APIError).message).not.toMatch(/simulated-|sk-/);
      expect((error as APIError).headers?.get('retry-after') ?? null).toBe(status === 429 ? '7' : null);
    });
  });

  it.each(['cut=4000', 'error-event=20', 'end-early', 'malformed'])(
    'a stream that fails midway (%s) never looks complete',
    async fault => {
      const response = await post({
        model,
        stream: true,
        input: `[[sim:words 200]] [[sim:fault ${fault}]]`,
      });
      const text = await response.text();
      const record = await usageOf(gateway, response.headers.get('x-request-id'));

      checkResponsesStream(text);
      expect(text).not.toContain('event: response.completed');
      expect(text).toMatch(/event: error\n/);
      expect(record).toMatchObject({ provider: vendor, outcome: 'cut', stream: true, finish: null });
      await expect(
        openai.responses.stream({ model, input: `[[sim:words 200]] [[sim:fault ${fault}]]` }).finalResponse(),
      ).rejects.toBeInstanceOf(Error);
    },
  );
});

describe('at a vendor without a memory', () => {
  it.each<[string, object]>([
    [
      'input.item_reference',
      {
        input: [
          { type: 'item_reference', id: 'msg_1' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
    [
      'input.compaction',
      {
        input: [
          { type: 'compaction', encrypted_content: 'x' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
  ])('%s is refused by name', async (field, asked) => {
    for (const model of ['anthropic/claude-sonnet-5', 'google/gemini-3-pro']) {
      const response = await post({ model, input: 'Hi', ...asked });

      expect(response.status).toBe(400);
      await expect(response.json()).resolves.toMatchObject({
        error: { code: 'unsupported_fields', param: field },
      });
    }
  });
});

describe('a wrong request', () => {
  it.each<[string, object]>([
    ['model', { model: 7, input: 'Hi' }],
    ['input', {}],
    ['input', { input: 7 }],
    ['input[0]', { input: ['Hi'] }],
    ['input[0].role', { input: [{ role: 'robot', content: 'Hi' }] }],
    ['input[0].content', { input: [{ role: 'user', content: 7 }] }],
    ['input[0].call_id', { input: [{ type: 'function_call', name: 'f' }] }],
    ['tools[0].name', { input: 'Hi', tools: [{ type: 'function' }] }],
    ['tool_choice', { input: 'Hi', tool_choice: 'perhaps' }],
    ['text.format.name', { input: 'Hi', text: { format: { type: 'json_schema' } } }],
    ['include', { input: 'Hi', include: 'all' }],
    ['temperature', { input: 'Hi', temperature: 'warm' }],
  ])('is told that %s is', async (param, body) => {
    const response = await post({ model: 'anthropic/claude-sonnet-5', ...body });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { param, type: 'invalid_request_error', message: expect.stringMatching(/Send/) },
    });
  });

  it('without a valid key is 401', async () => {
    const response = await post({ model: 'gpt-5', input: 'Hi' }, { authorization: 'Bearer pk_no' });

    expect(response.status).toBe(401);
  });
});

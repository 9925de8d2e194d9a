import OpenAI, { APIError, InternalServerError, RateLimitError } from 'openai';
import { checkChatStream } from './support/chat-stream-grammar.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { contentOf, errorOf } from './support/streamed.js';
import { usageOf } from './support/usage.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

function ask(model: string, directives: string, more: object = {}): Promise<Response> {
  return gateway.chat({ model, messages: [{ role: 'user', content: directives }], ...more });
}

describe.each(VENDORS)('a stream of %s that fails after its first byte', (vendor, model) => {
  it.each([
    ['is cut', 'cut=3000', 'upstream_unreachable'],
    ['reports an error', 'error-event=20', null],
    ['ends without its ending', 'end-early', null],
  ])('ends with an error event and without [DONE] when it %s', async (_how, fault, code) => {
    const response = await ask(model, `[[sim:words 200]] [[sim:fault ${fault}]]`, { stream: true });
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(text).not.toContain('[DONE]');
    expect(text).not.toContain('"finish_reason":"stop"');
    expect(contentOf(text).length).toBeGreaterThan(0);
    expect(errorOf(text)).toMatchObject({
      message: expect.stringMatching(/./),
      code: code ?? expect.any(String),
    });
    checkChatStream(text);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({
      provider: vendor,
      outcome: 'cut',
      status: 200,
      stream: true,
      finish: null,
    });
    expect(record.errorCode).toEqual(errorOf(text)?.code);
    expect(record.inputTokens).toBeGreaterThan(0);
    expect(record.outputTokens).toBeGreaterThan(1);
  });

  it('makes the SDK throw, not finish', async () => {
    const stream = await openai.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: 'user', content: '[[sim:words 200]] [[sim:fault error-event=20]]' }],
    });
    let content = '';
    const reading = (async () => {
      for await (const chunk of stream) {
        content += chunk.choices[0]?.delta.content ?? '';
      }
    })();

    await expect(reading).rejects.toBeInstanceOf(APIError);
    expect(content).not.toBe('');
  });

  it('never tells a broken event as a success', async () => {
    const response = await ask(model, '[[sim:words 50]] [[sim:fault malformed]]', { stream: true });
    const text = await response.text();

    expect(text).not.toContain('[DONE]');
    expect(errorOf(text)?.message).toEqual(expect.stringMatching(/./));
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'cut',
    });
  });
});

describe.each(VENDORS)('a failure of %s before the first byte', (vendor, model) => {
  describe.each([
    ['streamed', true],
    ['whole', false],
  ])('%s', (_kind, stream) => {
    it('429 reaches the SDK as its own, with the time to wait', async () => {
      const error: unknown = await openai.chat.completions
        .create({
          model,
          stream,
          messages: [{ role: 'user', content: '[[sim:fault status=429,retry-after=7,delay=100]]' }],
        })
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(RateLimitError);
      expect((error as APIError).headers?.get('retry-after')).toBe('7');
      expect((error as APIError).headers?.get('content-type')).toContain('application/json');
    });

    it.each([
      ['status=400', 400],
      ['status=401', 502],
      ['status=403', 502],
      ['status=404', 404],
      ['status=500', 502],
      ['status=503', 503],
      ['status=529', 503],
      ['html=502', 502],
      ['html=404', 404],
      ['html=200', 502],
      ['empty', 502],
      ['cut=0', 502],
    ])('%s becomes %d, clean and counted', async (fault, status) => {
      const response = await ask(model, `[[sim:fault ${fault}]]`, { stream });
      const text = await response.text();

      expect({ status: response.status, text }).toEqual({ status, text: expect.stringContaining('"error"') });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(JSON.parse(text)).toEqual({
        error: {
          message: expect.stringMatching(/./),
          type: expect.any(String),
          param: null,
          // OpenAI tells some of the caller's own faults without a code, and its callers hear them so
          code: vendor === 'openai' && status === 400 ? null : expect.any(String),
        },
      });
      expect(text).not.toMatch(/<html|Incorrect API key|simulated/);
      const record = await usageOf(gateway, response.headers.get('x-request-id'));
      expect(record).toMatchObject({ provider: vendor, outcome: 'failed', status, stream, attempts: 1 });
      expect(record).toMatchObject({
        errorCode: (JSON.parse(text) as { error: OpenAI.ErrorObject }).error.code,
      });
    });
  });

  it.each(['malformed', 'end-early', 'error-event=2', 'cut=40'])(
    'in a whole answer (%s) is never half an answer',
    async fault => {
      const response = await ask(model, `Tell me more [[sim:fault ${fault}]]`);

      expect(response.status).toBeGreaterThanOrEqual(500);
      await expect(response.json()).resolves.toMatchObject({ error: { message: expect.any(String) } });
    },
  );

  it('raises the class of the SDK that fits', async () => {
    const error: unknown = await openai.chat.completions
      .create({ model, messages: [{ role: 'user', content: '[[sim:fault status=500]]' }] })
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(InternalServerError);
    expect((error as APIError).requestID).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe.each(VENDORS)('a dripping stream of %s', (vendor, model) => {
  it('keeps characters that are cut in the middle, and the grammar', async () => {
    const response = await ask(model, '[[sim:unicode]] [[sim:fault drip=1]]', {
      stream: true,
      stream_options: { include_usage: true },
    });
    const text = await response.text();
    const whole = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: '[[sim:unicode]] [[sim:fault drip=0]]' }],
    });

    // Bytes that pass through keep OpenAI's own spelling of line separators.
    checkChatStream(vendor === 'openai' ? text.replaceAll(/[\u2028\u2029]/g, '') : text);
    expect(contentOf(text)).toBe(whole.choices[0]?.message.content);
    expect(contentOf(text)).toContain('\u2028');
  }, 30_000);
});

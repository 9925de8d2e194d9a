import { checkChatStream } from './support/chat-stream-grammar.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  CHAT_USAGE,
  chatChunk,
  chatDelta,
  EVENT_STREAM,
  type RawVendor,
  startRawVendor,
  vendorEvents,
} from './support/raw-vendor.js';
import { contentOf, dataOf, errorOf } from './support/streamed.js';
import { usageOf } from './support/usage.js';

const VENDORS = ['openai', 'anthropic', 'google'] as const;
const TEXTS = ['Příliš ', '🐎👩‍👩‍👧 ', '漢字 "q" \\ '];
const WITH_USAGE = { stream_options: { include_usage: true } };

let vendor: RawVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway(vendor.env);
});

afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

function stream(id: string, more: object = {}): Promise<Response> {
  const messages = [{ role: 'user', content: 'Hi' }];
  return gateway.chat({ model: `${id}/m`, stream: true, messages, ...more });
}

/** The vendor answers with these pieces, each in a packet of its own as far as the kernel allows. */
function answerInPieces(pieces: readonly Buffer[]): void {
  vendor.answer(async response => {
    response.socket?.setNoDelay(true);
    response.writeHead(200, EVENT_STREAM);
    for (const piece of pieces) {
      await new Promise(written => response.write(piece, written));
    }
    response.end();
  });
}

describe.each(VENDORS)('the stream of %s', id => {
  const bytes = Buffer.from(vendorEvents(id, TEXTS).join(''));

  it('says the same wherever it is cut in two', async () => {
    for (let at = 1; at < bytes.length; at++) {
      answerInPieces([bytes.subarray(0, at), bytes.subarray(at)]);
      const text = await (await stream(id, WITH_USAGE)).text();

      checkChatStream(text);
      expect({ at, said: contentOf(text), last: dataOf(text).at(-1) }).toEqual({
        at,
        said: TEXTS.join(''),
        last: '[DONE]',
      });
    }
  }, 60_000);

  it('says the same byte by byte', async () => {
    answerInPieces([...bytes].map(byte => Buffer.from([byte])));
    const text = await (await stream(id)).text();

    checkChatStream(text);
    expect(contentOf(text)).toBe(TEXTS.join(''));
  });

  it('may hold one event of a megabyte', async () => {
    const huge = '漢'.repeat(350_000);
    vendor.answer(response => response.writeHead(200, EVENT_STREAM).end(vendorEvents(id, [huge]).join('')));
    const text = await (await stream(id)).text();

    checkChatStream(text);
    expect(contentOf(text) === huge).toBe(true);
  });

  it('shows usage and x_llmhub to those who asked, and to nobody else', async () => {
    answerInPieces([bytes]);
    const asked = await (await stream(id, WITH_USAGE)).text();
    const silent = await (await stream(id)).text();

    expect(JSON.parse(dataOf(asked).at(-2) ?? '')).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      x_llmhub: { provider: id, attempts: 1, warnings: [] },
    });
    expect(asked.match(/x_llmhub/g)).toHaveLength(1);
    expect(silent).not.toMatch(/x_llmhub|prompt_tokens/);
    expect(contentOf(silent)).toBe(contentOf(asked));
  });

  it('gets no head of ours before the first byte of its body', async () => {
    vendor.answer(response => {
      response.writeHead(200, EVENT_STREAM).flushHeaders();
      response.socket?.destroySoon();
    });
    const response = await stream(id);

    expect(response.status).toBe(502);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'upstream_unreachable' } });
  });

  it.each([
    ['an empty body', ''],
    ['comments only', ': OPENROUTER PROCESSING\n\n: still there\n\n'],
    ['no event stream at all', '<html><body>Gateway time-out</body></html>'],
  ])('is an honest error when it is %s', async (_what, body) => {
    vendor.answer(response => response.writeHead(200, EVENT_STREAM).end(body));
    const response = await stream(id);
    const text = await response.text();

    expect(text).not.toContain('[DONE]');
    expect(text).toContain('"error"');
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: expect.stringMatching(/^(failed|cut)$/),
    });
  });

  it('may name its type with parameters and carry odd headers', async () => {
    vendor.answer(response =>
      response
        .writeHead(200, {
          'content-type': 'Text/Event-Stream;charset=UTF-8',
          'x-request-id': Buffer.from('žluť').toString('latin1'),
          'retry-after': '3',
        })
        .end(bytes),
    );
    const response = await stream(id);

    expect(response.status).toBe(200);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(contentOf(await response.text())).toBe(TEXTS.join(''));
  });
});

describe('a vendor that speaks OpenAI with an accent', () => {
  const usageBeside = chatChunk([{ index: 0, delta: {}, finish_reason: 'stop' }], CHAT_USAGE);

  it('may leave out [DONE] once it has finished', async () => {
    answerInPieces([Buffer.from(chatDelta({ role: 'assistant', content: 'Hi' }) + chatDelta({}, 'stop'))]);
    const response = await stream('openai');
    const text = await response.text();

    checkChatStream(text);
    expect(dataOf(text).at(-1)).toBe('[DONE]');
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'completed',
      estimated: true,
      finish: 'stop',
    });
  });

  it('may tell its usage in the chunk that finishes', async () => {
    answerInPieces([
      Buffer.from(`${chatDelta({ role: 'assistant', content: 'Hi' })}${usageBeside}data: [DONE]\n\n`),
    ]);
    const response = await stream('openai');
    const text = await response.text();

    checkChatStream(text);
    expect(text).toContain('"finish_reason":"stop"');
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'completed',
      inputTokens: 7,
      outputTokens: 3,
      estimated: false,
    });
  });

  it('cannot make a success of [DONE] alone', async () => {
    answerInPieces([Buffer.from(`${chatDelta({ role: 'assistant', content: 'Hi' })}data: [DONE]\n\n`)]);
    const text = await (await stream('openai')).text();

    expect(text).not.toContain('[DONE]');
    expect(errorOf(text)).toMatchObject({ code: 'upstream_cut' });
  });

  it('may report its error as an event of that name', async () => {
    const said = chatDelta({ role: 'assistant', content: 'Hi' });
    answerInPieces([
      Buffer.from(`${said}event: error\ndata: {"error":{"message":"Full.","status_code":503}}\n\n`),
    ]);
    const text = await (await stream('openai')).text();

    checkChatStream(text);
    expect(errorOf(text)?.message).toBe('Full.');
  });

  it.each([
    ['\r\n\r\n', '\r\n\r\n'],
    ['\r\r', '\r\r'],
  ])('may end its lines with %j', async (_shown, end) => {
    const wire = vendorEvents('openai', TEXTS).join('').replaceAll('\n\n', end);
    answerInPieces([Buffer.from(wire)]);
    const text = await (await stream('openai')).text();

    expect(contentOf(text.replaceAll(end, '\n\n'))).toBe(TEXTS.join(''));
    expect(text.match(/\[DONE\]/g)).toHaveLength(1);
    expect(text).not.toContain('prompt_tokens');
  });

  it('may put comments between its events', async () => {
    const events = vendorEvents('openai', TEXTS);
    answerInPieces(events.map(event => Buffer.from(`: OPENROUTER PROCESSING\n\n${event}`)));
    const text = await (await stream('openai')).text();

    expect(contentOf(text)).toBe(TEXTS.join(''));
    expect(dataOf(text).at(-1)).toBe('[DONE]');
  });
});

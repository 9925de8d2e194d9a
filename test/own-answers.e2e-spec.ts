import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';

/** With members that no reader knows. */
const MESSAGE =
  '{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":' +
  '[{"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"text","text":"Hi"}],"stop_reason":"end_turn",' +
  '"container":{"id":"c"},"usage":{"input_tokens":1,"output_tokens":2,"new":18446744073709551615}}';
const MESSAGE_EVENTS = [
  '{"type":"message_start","message":{"id":"msg_1","model":"claude-sonnet-5","content":[],"new":1,"usage":{}}}',
  '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi","new":2}}',
  '{"type":"content_block_stop","index":0}',
  '{"type":"message_delta","delta":{"stop_reason":"end_turn","container":{"id":"c"}},"usage":{"output_tokens":2}}',
  '{"type":"message_stop"}',
];
const CANDIDATE =
  '{"candidates":[{"content":{"role":"model","parts":[{"text":"Hm","thought":true},{"text":"Hi","thoughtSignature":"c2ln"}]},' +
  '"finishReason":"STOP","urlContextMetadata":{"new":18446744073709551615}}],"responseId":"r","new":1,' +
  '"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3}}';

const typed = (data: string): string => `event: ${/"type":"(\w+)"/.exec(data)?.[1]}\ndata: ${data}\n\n`;
const asked = { role: 'user', content: 'Hi' };
const askedOfGoogle = { role: 'user', parts: [{ text: 'Hi' }] };

let vendor: ListeningVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startListeningVendor();
  vendor.answer((response, { url = '', body }) => {
    const isStream = url.includes('stream') || body.includes('"stream":true');
    const whole = url.includes('messages') ? MESSAGE : CANDIDATE;
    const events = url.includes('messages') ? MESSAGE_EVENTS.map(typed).join('') : `data: ${CANDIDATE}\n\n`;
    response
      .writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
      .end(isStream ? events : whole);
  });
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_ANTHROPIC_BASE_URL: vendor.url,
    AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: vendor.url,
  });
});

afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

async function post(path: string, body: object): Promise<string> {
  const response = await gateway.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.text();
}

async function askAnthropic(history: readonly object[], stream: boolean): Promise<string> {
  const messages = [asked, ...history];
  return post('/v1/messages', { model: 'anthropic/claude-sonnet-5', max_tokens: 9, stream, messages });
}

async function askGoogle(history: readonly object[], stream: boolean): Promise<string> {
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return post(`/v1beta/models/gemini-3-pro:${method}`, { contents: [askedOfGoogle, ...history] });
}

/** The gateway's own `x_llmhub` comes before the last brace, and its `cost` ends the usage. */
const open = (json: string): string => json.slice(0, -1);
const withoutCost = (wire: string): string => wire.replaceAll(/,"cost":[\d.e-]+(?=\})/g, '');

describe('after another vendor had reasoned, whose signatures the gateway keeps back', () => {
  it('Anthropic’s answers pass as they are', async () => {
    const thinking = { type: 'adaptive', display: 'summarized' };
    const google = { model: 'google/gemini-3-pro', max_tokens: 9, thinking, messages: [asked] };
    const { content } = JSON.parse(await post('/v1/messages', google)) as { content: unknown };
    expect(JSON.stringify(content)).toContain('"gw1.');
    const history = [{ role: 'assistant', content }, asked];
    const streamed = withoutCost(await askAnthropic(history, true));

    expect(withoutCost(await askAnthropic(history, false))).toContain(open(MESSAGE));
    MESSAGE_EVENTS.forEach(event => expect(streamed).toContain(open(event)));
    expect(vendor.heard.at(-1)?.body).not.toContain('gw1.');
  });

  it('Google’s answers pass as they are', async () => {
    const model = 'anthropic%2Fclaude-sonnet-5';
    const generationConfig = { thinkingConfig: { includeThoughts: true } };
    const anthropic = { contents: [askedOfGoogle], generationConfig };
    const told = JSON.parse(await post(`/v1beta/models/${model}:generateContent`, anthropic)) as {
      candidates: readonly { content: object }[];
    };
    const history = [...told.candidates.map(({ content }) => content), askedOfGoogle];

    expect(withoutCost(await askGoogle(history, false))).toContain(open(CANDIDATE));
    expect(withoutCost(await askGoogle(history, true))).toContain(open(CANDIDATE));
    expect(vendor.heard.at(-1)?.body).not.toContain('Z3cxL');
  });
});

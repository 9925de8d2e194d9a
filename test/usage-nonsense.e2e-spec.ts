import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { EVENT_STREAM, type RawVendor, startRawVendor, vendorEvents } from './support/raw-vendor.js';
import { usageOf } from './support/usage.js';

const PROMPT = 'What is tea? '.repeat(20);
const messages = [{ role: 'user', content: PROMPT }];
const MODELS = ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-4-5', 'google/gemini-2.5-flash'] as const;
/** Each caller's way to ask all of them, so that bytes pass and are translated. */
const CALLERS: readonly (readonly [path: string, body: object])[] = [
  ['/v1/chat/completions', { messages, max_tokens: 5000, stream_options: { include_usage: true } }],
  ['/v1/responses', { input: PROMPT, max_output_tokens: 5000 }],
  ['/v1/messages', { messages, max_tokens: 5000 }],
];
const ROADS = MODELS.flatMap(model => CALLERS.map(([path, body]) => [model, path, body] as const));
/** As it stands in JSON. */
const NONSENSE = ['1e400', '9007199254740993', '-7', '"seven"'];

let gateway: TestGateway;
let vendor: RawVendor;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway(vendor.env);
  await gateway.admin('POST', `/admin/projects/${gateway.projectId}/budgets`, {
    name: 'tea',
    limitUsd: 100,
    period: 'month',
  });
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

/** A vendor's way to answer: OpenAI's other endpoint is asked for what is its own. */
type Speech = 'anthropic' | 'google' | 'chat' | 'responses';

function speechOf(model: string, path: string): Speech {
  const [vendor] = model.split('/');
  if (vendor === 'anthropic' || vendor === 'google') {
    return vendor;
  }
  return path === '/v1/responses' ? 'responses' : 'chat';
}

const response = (count: string): string =>
  `{"id":"r","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"i",
    "role":"assistant","status":"completed","content":[{"type":"output_text","text":"Tea.","annotations":[]}]}],
    "usage":{"input_tokens":${count},"output_tokens":3,"total_tokens":10}}`.replaceAll(/\n */g, '');

const RESPONSE_EVENTS = [
  '"type":"response.created","response":{"id":"r","object":"response","status":"in_progress","model":"m","output":[]}',
  '"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":"Tea."',
  `"type":"response.completed","response":${response('7')}`,
].map(event => `data: {${event}}\n\n`);

function whole(speech: Speech, count: string): string {
  if (speech === 'responses') {
    return response(count);
  }
  if (speech === 'anthropic') {
    return `{"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Tea."}],
      "stop_reason":"end_turn","usage":{"input_tokens":${count},"output_tokens":3}}`;
  }
  return speech === 'google'
    ? `{"responseId":"r","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"Tea."}]},
      "finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":${count},"candidatesTokenCount":3}}`
    : `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",
      "message":{"role":"assistant","content":"Tea."}}],"usage":{"prompt_tokens":${count},"completion_tokens":3}}`;
}

/** Its events, the last usage of which is changed. */
function streamed(speech: Speech, change: (event: string) => string): string {
  const events = speech === 'responses' ? RESPONSE_EVENTS : vendorEvents(speech, ['Tea is ', 'a drink.']);
  const at = events.findLastIndex(event => event.includes('"usage'));
  return events.map((event, index) => (index === at ? change(event) : event)).join('');
}

const COUNT = /("(?:completion_tokens|output_tokens|candidatesTokenCount)":)3/;

function withZerosBehind(event: string): string {
  return event + event.replaceAll(/("(?:\w+_tokens|\w+TokenCount)":)\d+/g, '$10');
}

async function record(model: string, path: string, body: object): ReturnType<typeof usageOf> {
  const response = await postJson(gateway, path, { model, ...body });
  await response.text();
  expect(response.status).toBe(200);
  return usageOf(gateway, response.headers.get('x-request-id'));
}

describe.each(ROADS)('a count of %s that cannot be meant, at %s', (model, path, body) => {
  const speech = speechOf(model, path);

  it.each(NONSENSE)('is estimated in its place, and a hard budget pays its hold: %s', async count => {
    vendor.answer(response => response.end(whole(speech, count)));
    const answered = await record(model, path, body);
    vendor.answer(response =>
      response
        .writeHead(200, EVENT_STREAM)
        .end(streamed(speech, event => event.replace(COUNT, `$1${count}`))),
    );
    const flowed = await record(model, path, { ...body, stream: true });

    for (const { estimated, inputTokens, outputTokens, costNanoUsd, budgetCharges } of [answered, flowed]) {
      expect(estimated).toBe(true);
      expect(inputTokens).toBeGreaterThan(PROMPT.length / 8);
      expect(outputTokens).toBeGreaterThan(0);
      expect(budgetCharges?.[0]?.nanoUsd).toBeGreaterThan(costNanoUsd ?? Infinity);
    }
  });

  it('is none where zeros come behind the real ones', async () => {
    vendor.answer(response => response.writeHead(200, EVENT_STREAM).end(streamed(speech, withZerosBehind)));

    await expect(record(model, path, { ...body, stream: true })).resolves.toMatchObject({
      estimated: false,
      inputTokens: 7,
      outputTokens: 3,
    });
  });
});

it('tells the caller of a passing stream what the ledger has, and that it is an estimate', async () => {
  vendor.answer(response =>
    response.writeHead(200, EVENT_STREAM).end(streamed('chat', event => event.replace(COUNT, '$1-3'))),
  );
  const body = { model: MODELS[0], messages, stream: true, stream_options: { include_usage: true } };
  const response = await gateway.chat(body);
  const last = JSON.parse((await response.text()).trim().split('\n\n').at(-2)?.slice(6) ?? '') as {
    x_llmhub: object;
  };
  const { costNanoUsd } = await usageOf(gateway, response.headers.get('x-request-id'));

  expect(last.x_llmhub).toMatchObject({ cost: (costNanoUsd ?? NaN) / 1e9, usage_estimated: true });
});

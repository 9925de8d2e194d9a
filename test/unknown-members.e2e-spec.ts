import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';
import { dataOf } from './support/streamed.js';

const HEAD = { id: 'cmpl-1', created: 7, model: 'mistral-small-latest' };
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

let vendor: ListeningVendor;
let gateway: TestGateway;

const chunk = (delta: object, finish_reason: string | null, members: object): string =>
  `data: ${JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason }], ...members })}\n\n`;

/** Mistral's bodies and answers are always written anew. */
beforeAll(async () => {
  vendor = await startListeningVendor();
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_MISTRAL_BASE_URL: `${vendor.url}/v1`,
    AI_GATEWAY_PROVIDERS_MISTRAL_API_KEY: 'mistral-simulated',
  });
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

describe('what only the vendor knows', () => {
  it('reaches a caller of chat in a whole answer', async () => {
    const message = { role: 'assistant', content: 'Hi' };
    vendor.answer(response =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          ...HEAD,
          object: 'chat.completion',
          choices: [{ index: 0, message, finish_reason: 'stop', x_choice: 1 }],
          usage: USAGE,
          x_vendor: { queue_time: 0.5 },
        }),
      ),
    );
    const response = await gateway.chat({
      model: 'mistral/mistral-small-latest',
      messages: [{ role: 'user', content: 'Hi' }],
    });

    await expect(response.json()).resolves.toMatchObject({
      id: 'cmpl-1',
      choices: [{ message: { content: 'Hi' }, x_choice: 1 }],
      x_vendor: { queue_time: 0.5 },
    });
  });

  it('reaches a caller of chat in a stream', async () => {
    vendor.answer(response =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(
          chunk({ role: 'assistant', content: 'Hi' }, null, { p: 'ab' }) +
            chunk({ content: '' }, 'stop', { usage: USAGE, x_vendor: { queue_time: 0.5 } }) +
            'data: [DONE]\n\n',
        ),
    );
    const response = await gateway.chat({
      model: 'mistral/mistral-small-latest',
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const chunks = dataOf(await response.text()).filter(data => data !== '[DONE]');

    expect(chunks.find(data => data.includes('"Hi"'))).toContain('"p":"ab"');
    expect(JSON.parse(chunks.at(-1) ?? '')).toMatchObject({
      choices: [{ finish_reason: 'stop' }],
      x_vendor: { queue_time: 0.5 },
    });
  });
});

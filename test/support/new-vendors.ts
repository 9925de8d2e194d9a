import { startSimulator } from '../../apps/simulator/src/server.js';
import { startGateway } from './gateway.js';
import { EVENT_STREAM, startRawVendor } from './raw-vendor.js';

/*
 * No spec of this repository: test/new-provider.e2e-spec.ts makes one of it in a copy where `npm run new:provider` has
 * just made `acme-cloud` and, with a format of its own, `acme-own`.
 */

const messages = [{ role: 'user', content: '[[sim:say Hello.]]' }];
const tools = [{ type: 'function', function: { name: 'f' } }];

describe('vendors that were just made', () => {
  it('answer through the gateway when they speak OpenAI’s format', async () => {
    const simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    const gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_ACME_CLOUD_BASE_URL: `${simulator.url}/acme-cloud/v1`,
      ACME_CLOUD_API_KEY: 'acme-1234567890',
    });
    try {
      const whole = await gateway.chat({ model: 'acme-cloud/m', messages });
      const streamed = await gateway.chat({ model: 'acme-cloud/m', messages, stream: true });
      const listed = await gateway.call('/v1/models/acme-cloud/gpt-5');

      expect(await whole.json()).toMatchObject({ choices: [{ message: { content: 'Hello.' } }] });
      expect(await streamed.text()).toMatch(/Hello[^]*\[DONE\]/);
      expect(await listed.json()).toMatchObject({ id: 'acme-cloud/gpt-5' });
      expect(Object.keys(simulator.bill())).toEqual(['acme-cloud']);
    } finally {
      await gateway.stop();
      await simulator.close();
    }
  });

  it('answer through the gateway when they speak a format of their own', async () => {
    const vendor = await startRawVendor();
    const gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_ACME_OWN_BASE_URL: vendor.url,
      ACME_OWN_API_KEY: 'acme-1234567890',
    });
    const usage = { input: 7, output: 3 };
    try {
      vendor.answer(response =>
        response.end(JSON.stringify({ id: 'a', text: 'Hello.', finish: 'stop', usage })),
      );
      const whole = await gateway.chat({ model: 'acme-own/m', messages, seed: 7 });
      expect(await whole.json()).toMatchObject({
        choices: [{ message: { content: 'Hello.' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 3 },
      });
      expect(whole.headers.get('x-llmhub-warnings')).toBe('dropped=seed');

      vendor.answer(response => {
        response.writeHead(200, EVENT_STREAM);
        const events = [{ id: 'a', text: 'Hel' }, { text: 'lo.' }, { finish: 'length', usage }];
        response.end(events.map(event => `data: ${JSON.stringify(event)}\n\n`).join(''));
      });
      const streamed = await gateway.chat({ model: 'acme-own/m', messages, stream: true });
      expect(await streamed.text()).toMatch(/Hel[^]*lo\.[^]*"finish_reason":"length"[^]*\[DONE\]/);

      const refused = await gateway.chat({ model: 'acme-own/m', messages, tools });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: { code: 'unsupported_fields', param: 'tools' } });
    } finally {
      await gateway.stop();
      await vendor.close();
    }
  });
});

import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { OpenStreams } from '@app/inference';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { EVENT_STREAM, type RawVendor, startRawVendor, vendorEvents } from './support/raw-vendor.js';
import { usageOf, usageOfModel } from './support/usage.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro-preview'],
] as const;

const body = (fault: string, model: string, stream: boolean): object => ({
  model,
  stream,
  messages: [{ role: 'user', content: `[[sim:words 5000]] [[sim:fault ${fault}]]` }],
});

describe.each(VENDORS)('a caller of %s who leaves', (_vendor, model) => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => gateway.simulator.reset());
  afterAll(() => gateway?.stop());

  it('in the middle of a stream stops the vendor, and is metered', async () => {
    const leave = new AbortController();
    const response = await gateway.chat(body('pace=5', model, true), { signal: leave.signal });
    const reader = response.body?.getReader();
    let received = 0;
    while (received < 3000) {
      const { value } = (await reader?.read()) ?? {};
      received += value?.length ?? 0;
    }
    leave.abort();
    await gateway.simulator.untilAborted(1);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const [sold] = Object.values(Object.values(gateway.simulator.bill())[0] ?? {});

    expect(gateway.simulator.active()).toBe(0);
    expect(record).toMatchObject({ outcome: 'aborted', status: 499, stream: true, errorCode: 'caller_left' });
    expect(record.inputTokens).toBeGreaterThan(0);
    expect(record.outputTokens).toBeGreaterThan(5);
    expect(record.costNanoUsd).toBeGreaterThan(0);
    // An estimate of what was read; the vendor may have sold a little more, but far from all of it.
    expect(sold?.output).toBeLessThan(2000);
    expect(gateway.app.get(OpenStreams).size).toBe(0);
  });

  it.each([
    ['streamed', true],
    ['whole', false],
  ])('before the first byte (%s) does so too', async (kind, stream) => {
    const name = `${model}-${kind}`;
    const leave = new AbortController();
    const asking = gateway.chat(body('delay=60000', name, stream), { signal: leave.signal });
    const left = expect(asking).rejects.toThrow();
    await eventually(() => expect(gateway.simulator.active()).toBe(1));
    leave.abort();
    await left;
    await gateway.simulator.untilAborted(1);
    const record = await usageOfModel(gateway, name);

    expect(gateway.simulator.active()).toBe(0);
    expect(record).toMatchObject({ outcome: 'aborted', status: 499, stream, attempts: 1, estimated: true });
    expect(record.inputTokens).toBeGreaterThan(0);
  });

  it('while a whole answer is on its way does so too', async () => {
    const name = `${model}-half`;
    const leave = new AbortController();
    const asking = gateway.chat(body('stall=500', name, false), { signal: leave.signal });
    const left = expect(asking).rejects.toThrow();
    await eventually(() => expect(gateway.simulator.active()).toBe(1));
    leave.abort();
    await left;
    await gateway.simulator.untilAborted(1);

    await expect(usageOfModel(gateway, name)).resolves.toMatchObject({ outcome: 'aborted', status: 499 });
  });
});

describe('a caller who leaves while sending', () => {
  it('leaves a record and no error of ours', async () => {
    const gateway = await startGateway();
    try {
      const arrived = once(gateway.app.getHttpServer(), 'request');
      const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.projectKey}`, 'content-length': 1000 },
      });
      request.on('error', () => undefined);
      request.write('{"model":');
      await arrived;
      request.destroy();
      const record = await eventually(async () => {
        const { body } = await gateway.admin<{ data: object[] }>('GET', '/admin/usage');
        expect(body.data).toHaveLength(1);
        return body.data[0];
      });

      expect(record).toMatchObject({ outcome: 'aborted', status: 499, attempts: 0, costNanoUsd: 0 });
    } finally {
      await gateway.stop();
    }
  });
});

/** Gemini has no such event: that its answer has ended is known by the end of its body. */
const WITH_LAST_EVENT = VENDORS.filter(([vendor]) => vendor !== 'google');

describe.each(WITH_LAST_EVENT)(
  'a caller of %s who hangs up on the event that ends the answer',
  (vendor, model) => {
    let raw: RawVendor;
    let gateway: TestGateway;

    beforeAll(async () => {
      raw = await startRawVendor();
      gateway = await startGateway(raw.env);
    });
    afterAll(async () => {
      await gateway?.stop();
      await raw?.close();
    });

    it('has the whole answer, though the vendor has not closed its own side', async () => {
      raw.answer(response => {
        response.writeHead(200, EVENT_STREAM);
        response.write(vendorEvents(vendor, ['Hello']).join(''));
      });
      const leave = new AbortController();
      const asked = { model, stream: true, messages: [{ role: 'user', content: 'Hi' }] };
      const response = await gateway.chat(asked, { signal: leave.signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let heard = '';
      while (!/"finish_reason":"/.test(heard)) {
        heard += (await reader?.read())?.value ?? '';
      }
      leave.abort();

      const record = await usageOf(gateway, response.headers.get('x-request-id'));
      expect(record).toMatchObject({ outcome: 'completed', status: 200, errorCode: null, estimated: false });
    });
  },
);

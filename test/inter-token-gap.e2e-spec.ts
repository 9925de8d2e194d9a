import { startGateway, type TestGateway } from './support/gateway.js';
import { EVENT_STREAM, type RawVendor, startRawVendor, vendorEvents } from './support/raw-vendor.js';

const TEXTS = ['first', 'second', 'third', 'fourth'];

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

/** The vendor says the next piece when the caller has read the one before, so that no two come together. */
async function converse(id: string): Promise<void> {
  const heard = new Map(TEXTS.map(text => [text, Promise.withResolvers<void>()]));
  vendor.answer(async response => {
    response.writeHead(200, EVENT_STREAM);
    for (const event of vendorEvents(id, TEXTS)) {
      response.write(event);
      await heard.get(TEXTS.find(text => event.includes(text)) ?? '')?.promise;
    }
    response.end();
  });
  const answer = await gateway.chat({
    model: `${id}/m`,
    stream: true,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  const decoder = new TextDecoder();
  let read = '';
  for await (const bytes of answer.body ?? []) {
    read += decoder.decode(bytes as Uint8Array, { stream: true });
    TEXTS.filter(text => read.includes(text)).forEach(text => heard.get(text)?.resolve());
  }
}

async function valueOf(name: string): Promise<number> {
  const response = await fetch(`${gateway.url}/metrics`, { headers: gateway.adminHeaders });
  const line = (await response.text()).split('\n').find(one => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

it.each([
  ['passes through', 'openai'],
  ['is translated', 'anthropic'],
])('of a stream that %s each gap between two pieces is measured', async (_how, id) => {
  await converse(id);
  const labels = `{endpoint="/v1/chat/completions",provider="${id}",model="m"}`;

  expect(await valueOf(`llmhub_inter_token_gap_seconds_count${labels}`)).toBe(TEXTS.length - 1);
  expect(await valueOf(`llmhub_inter_token_gap_seconds_sum${labels}`)).toBeGreaterThan(0);
});

it('an answer in one piece has no gaps', async () => {
  const before = await valueOf('llmhub_vendor_queue_seconds_count');
  vendor.answer(response =>
    response.writeHead(200, EVENT_STREAM).end(vendorEvents('google', ['all']).join('')),
  );
  const answer = await gateway.chat({
    model: 'google/m',
    stream: true,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await answer.text();

  const labels = '{endpoint="/v1/chat/completions",provider="google",model="m"}';
  expect(await valueOf(`llmhub_time_to_first_token_seconds_count${labels}`)).toBe(1);
  expect(await valueOf(`llmhub_inter_token_gap_seconds_count${labels}`)).toBeNaN();
  expect(await valueOf('llmhub_vendor_queue_seconds_count')).toBe(before + 1);
});

import { readdirSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import type { TranscriptionStreamEvent } from 'openai/resources/audio/transcriptions';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { eventsOf, hearAs, HELLO } from './support/hearing.js';
import { affordRetries } from './support/retries.js';
import { usageOf } from './support/usage.js';

const MISTRAL = 'mistral/voxtral-mini-latest';
const MODELS = [MISTRAL, 'google/gemini-2.5-flash'];
/** So many bytes have some words in them, and not the end. */
const SOME_BYTES = 700;

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway(({ url }) => ({
    AI_GATEWAY_PROVIDERS_MISTRAL_BASE_URL: `${url}/mistral/v1`,
    AI_GATEWAY_PROVIDERS_MISTRAL_API_KEY: 'key-of-the-gateway-for-mistral',
  }));
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const prices = { [MISTRAL]: { input_cost_per_second: 0.0001 } };
  expect((await gateway.admin('PUT', '/admin/prices', { prices })).status).toBe(200);
  const at = `/admin/projects/${gateway.projectId}/routing-policies`;
  const policies = MODELS.map(model => ({
    name: model.replace('/', '-'),
    targets: [{ model }, { model: 'openai/gpt-4o-transcribe' }],
  }));
  for (const policy of policies) {
    expect(await gateway.admin('POST', at, policy)).toMatchObject({ status: 201 });
  }
});
beforeEach(() => gateway.simulator.reset());
afterEach(async () => {
  gateway.simulator.chaos([]);
  await eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([]));
});
afterAll(() => gateway?.stop());

const hear = async (model: string) =>
  openai.audio.transcriptions
    .create({ file: await toFile(HELLO, 'hello.wav'), model, stream: true })
    .withResponse();

async function all(stream: AsyncIterable<TranscriptionStreamEvent>): Promise<TranscriptionStreamEvent[]> {
  const events: TranscriptionStreamEvent[] = [];
  for await (const event of stream) {
    events.push(event);
  }
  return events;
}

function textOf(events: readonly TranscriptionStreamEvent[]): string {
  return events.map(event => (event.type === 'transcript.text.delta' ? event.delta : '')).join('');
}

/** What breaks a stream off when something was said, and what the record tells of it. */
function breaks(model: string): [fault: string, code: RegExp][] {
  const faults: [string, RegExp][] = [
    [`cut=${SOME_BYTES}`, /upstream_/],
    ['end-early', /upstream_/],
    ['error-event=2', /./],
  ];
  return model === MISTRAL ? [...faults, ['malformed', /malformed_stream/]] : faults; // Gemini's second event has the first words
}

describe.each(MODELS)('a transcription that is streamed by %s', model => {
  const vendor = model.split('/')[0] ?? '';

  it('is told to the official SDK in the words of OpenAI, word by word, and is on record', async () => {
    const { data, response } = await hear(model);
    const events = await all(data);
    const last = events.at(-1);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(events.filter(({ type }) => type === 'transcript.text.delta').length).toBeGreaterThan(3);
    expect(last).toMatchObject({
      type: 'transcript.text.done',
      text: textOf(events),
      usage: { cost: (record.costNanoUsd ?? 0) / 1e9 },
      x_llmhub: { provider: vendor },
    });
    expect(textOf(events)).toMatch(/\w+ \w+/);
    expect(record).toMatchObject({ outcome: 'completed', provider: vendor, estimated: false, stream: true });
    expect(record.audioMs).toBeGreaterThan(1600);
    expect(record.costNanoUsd).toBeGreaterThan(0);
  });

  it('reaches the caller before the vendor has ended, who leaves, and pays for what was heard', async () => {
    gateway.simulator.chaos([{ vendor, fault: `stall=${SOME_BYTES}` }]); // and never goes on
    const { data, response } = await hear(model);
    const told: TranscriptionStreamEvent[] = [];
    for await (const event of data) {
      told.push(event);
      break; // which hangs up
    }

    expect(told).toMatchObject([{ type: 'transcript.text.delta', delta: expect.stringMatching(/\w/) }]);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'aborted',
      provider: vendor,
      estimated: true,
    });
  });

  it.each(breaks(model))(
    'and breaks off (%s) is told as one error, and never as whole',
    async (fault, code) => {
      gateway.simulator.chaos([{ vendor, fault }]);
      const { id, text } = await hearAs(gateway, { fields: { model, stream: 'true' } });
      const events = eventsOf(text);
      const record = await usageOf(gateway, id);

      expect(events[0]).toMatchObject({ type: 'transcript.text.delta' });
      expect(text).not.toContain('transcript.text.done');
      expect(events.filter(event => 'error' in event)).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ error: { message: expect.any(String) as unknown } });
      expect(record).toMatchObject({ outcome: 'cut', provider: vendor, estimated: true });
      expect(record.errorCode).toMatch(code);
      expect(record.costNanoUsd).toBeGreaterThan(0);
    },
  );

  it.each(['status=503', 'drop', 'error-event=0', ...(model === MISTRAL ? [] : ['malformed'])])(
    'is heard by another one, where nothing was said yet (%s)',
    async fault => {
      const name = model.replace('/', '-');
      affordRetries(gateway, name);
      gateway.simulator.chaos([{ vendor, fault }]);
      const { data, response } = await hear(name);
      const events = await all(data);

      expect(response.headers.get('x-llmhub-provider')).toBe('openai');
      expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: textOf(events) });
    },
  );

  it('is billed by the length of the recording where the vendor tells no usage', async () => {
    gateway.simulator.chaos([{ vendor, fault: 'no-usage' }]);
    const { data, response } = await hear(model);
    await all(data);

    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'completed',
      audioMs: 1695,
      estimated: true,
    });
  });

  it.each(['srt', 'diarized_json'])(
    'in %s, whose words need all of it, comes whole',
    async response_format => {
      const segments = [{ start: 0, end: 1, speaker: 'A', text: 'Hello.' }];
      const prompt = `[[sim:say ${JSON.stringify({ segments })}]]`;
      const { status, text } = await hearAs(gateway, {
        fields: { model, response_format, stream: 'true', prompt },
      });

      expect(status).toBe(200);
      expect(eventsOf(text).at(-1)).toMatchObject({ type: 'transcript.text.done' });
      expect(JSON.stringify(gateway.simulator.requests().at(-1))).not.toMatch(/"stream":|streamGenerate/);
    },
  );
});

import { estimateTokens } from '@app/dialects';
import OpenAI from 'openai';
import { eventually } from './support/eventually.js';
import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { affordRetries } from './support/retries.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const TEXT = 'Ĝis 😀, and hello from the gateway.';
const CHARACTERS = [...TEXT].length;
const WAV_HEADER_BYTES = 44;
/** What the simulator makes of it: 24 kHz, 16 bits, 60 ms a character. */
const PCM_BYTES = Math.round(CHARACTERS * 0.06 * 24_000) * 2;
const MINI = 'openai/gpt-4o-mini-tts';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const at = `/admin/projects/${gateway.projectId}/routing-policies`;
  const targets = ['anthropic/claude-sonnet-5', MINI, 'groq/playai-tts'].map(model => ({ model }));
  expect(await gateway.admin('POST', at, { name: 'speakers', targets })).toMatchObject({ status: 201 });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const speak = (body: object = {}): Promise<Response> =>
  postJson(gateway, '/v1/audio/speech', { model: 'tts-1', voice: 'alloy', input: TEXT, ...body });

const soundOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

async function statusOf(body: object): Promise<number> {
  const response = await speak(body);
  await response.arrayBuffer();
  return response.status;
}

/** Of a budget, once nothing is set aside any more, in US dollars. */
const spentOf = (budget: string): Promise<number | undefined> =>
  eventually(async () => {
    const at = `${budget}/spending`;
    const { body } = await gateway.admin<{ data: { spentUsd: number; reservedUsd: number }[] }>('GET', at);
    expect(body.data[0]?.reservedUsd).toBe(0);
    return body.data[0]?.spentUsd;
  });

interface SpeechEvent {
  readonly type: string;
  readonly audio?: string;
  readonly usage?: { readonly input_tokens: number; readonly output_tokens: number; readonly cost: number };
  readonly x_llmhub?: { readonly cost: number; readonly provider: string };
}

const eventsIn = (text: string): SpeechEvent[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as SpeechEvent);

describe('speech', () => {
  it.each([
    ['mp3', 'audio/mpeg', 'ID3'],
    ['opus', 'audio/opus', 'OggS'],
    ['aac', 'audio/aac', '\xff\xf1'],
    ['flac', 'audio/flac', 'fLaC'],
    ['wav', 'audio/wav', 'RIFF'],
  ])('is %s for the official SDK, from both kinds of models', async (response_format, type, magic) => {
    for (const model of ['tts-1', 'gpt-4o-mini-tts']) {
      const asked = {
        model,
        voice: 'alloy',
        input: TEXT,
        response_format,
      } as OpenAI.Audio.SpeechCreateParams;
      const response = await openai.audio.speech.create(asked);
      const sound = await soundOf(response);

      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('x-llmhub-provider')).toBe('openai');
      expect(response.headers.get('x-llmhub-model')).toBe(model);
      expect(sound.toString('latin1', 0, magic.length)).toBe(magic);
      if (response_format === 'wav') {
        expect(sound).toHaveLength(WAV_HEADER_BYTES + PCM_BYTES);
        expect(sound.readUInt32LE(40)).toBe(PCM_BYTES);
      }
    }
  });

  it('costs what its characters do, where nothing else is told', async () => {
    const response = await speak();
    await response.arrayBuffer();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(record).toMatchObject({
      endpoint: '/v1/audio/speech',
      outcome: 'completed',
      provider: 'openai',
      estimated: false,
      stream: true,
      inputTokens: 0,
      billed: { characters: CHARACTERS },
      costNanoUsd: CHARACTERS * 15_000,
      priceExact: true,
    });
    expect(gateway.simulator.bill()).toMatchObject({
      openai: { 'tts-1': { calls: 1, characters: CHARACTERS } },
    });
  });

  it('costs what its tokens do: sound is taken out of the events that tell them', async () => {
    const response = await speak({ model: MINI, response_format: 'pcm', instructions: 'Calmly.' });
    const sound = await soundOf(response);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const { input = 0, output = 0 } = gateway.simulator.bill()['openai']?.['gpt-4o-mini-tts'] ?? {};
    const plain = await speak({ response_format: 'pcm' });

    expect(response.headers.get('content-type')).toBe('audio/pcm');
    expect(sound).toEqual(await soundOf(plain));
    expect(record).toMatchObject({
      inputTokens: input,
      outputTokens: output,
      audioOutputTokens: output,
      estimated: false,
      costNanoUsd: input * 600 + output * 12_000,
    });
    expect(output).toBeGreaterThan(0);
  });

  it('comes in events that tell the usage, for who wants them', async () => {
    const response = await speak({ model: MINI, response_format: 'pcm', stream_format: 'sse' });
    const events = eventsIn(await response.text());
    const sound = Buffer.concat(events.map(({ audio = '' }) => Buffer.from(audio, 'base64')));
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const last = events.at(-1);

    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(new Set(events.slice(0, -1).map(({ type }) => type))).toEqual(new Set(['speech.audio.delta']));
    expect(sound).toHaveLength(PCM_BYTES);
    expect(last).toMatchObject({ type: 'speech.audio.done', usage: { input_tokens: record.inputTokens } });
    expect(record.costNanoUsd).toBeGreaterThan(0);
    expect(last?.usage?.cost).toBe((record.costNanoUsd ?? 0) / 1e9);
    expect(last?.x_llmhub).toMatchObject({ cost: last?.usage?.cost, provider: 'openai' });
  });

  it.each(['pcm', 'wav'])(
    'costs what its text and its sound let one reckon where the price is by tokens, and none were told: %s',
    async response_format => {
      const input = `${TEXT} [[sim:fault no-usage]]`;
      const response = await speak({ model: MINI, input, response_format, stream_format: 'sse' });
      const last = eventsIn(await response.text()).at(-1);
      const { output = 0 } = gateway.simulator.bill()['openai']?.['gpt-4o-mini-tts'] ?? {};
      const record = await usageOf(gateway, response.headers.get('x-request-id'));
      const inputTokens = estimateTokens(input.length);

      expect(record).toMatchObject({
        outcome: 'completed',
        estimated: true,
        inputTokens,
        outputTokens: output,
        audioOutputTokens: output,
        costNanoUsd: inputTokens * 600 + output * 12_000,
        billed: { characters: [...input].length },
      });
      expect(output).toBeGreaterThan(0);
      expect(last?.x_llmhub).toMatchObject({ cost: (record.costNanoUsd ?? 0) / 1e9, usage_estimated: true });
    },
  );

  it('is paid by estimate where a budget is to be, else as what was set aside', async () => {
    const at = `/admin/projects/${gateway.projectId}/budgets`;
    const terms = { limitUsd: 1, period: 'total', hard: true };
    const budgets = await Promise.all(
      [{ name: 'reckoned', unmeasuredCost: 'estimate' }, { name: 'held' }].map(async how => {
        const { body } = await gateway.admin<{ id: string }>('POST', at, { ...terms, ...how });
        return `${at}/${body.id}`;
      }),
    );
    const response = await speak({ model: MINI, input: `${TEXT} [[sim:fault no-usage]]` });
    await response.arrayBuffer();
    const { costNanoUsd } = await usageOf(gateway, response.headers.get('x-request-id'));
    const spent = await Promise.all(budgets.map(spentOf));
    await Promise.all(budgets.map(budget => gateway.admin('DELETE', budget)));

    expect(spent[0]).toBe((costNanoUsd ?? 0) / 1e9);
    expect(spent[1]).toBeGreaterThan(spent[0] ?? Infinity);
  });

  it('passes a voice of one’s own, and fields that nobody here knows', async () => {
    const own = { voice: { id: 'voice_1' }, speed: 0.25, tempo: 'largo' };
    expect((await speak(own)).status).toBe(200);

    expect(gateway.simulator.requests().at(-1)?.body).toMatchObject({ ...own, model: 'tts-1', input: TEXT });
  });
});

describe('the road of speech', () => {
  it('leads to vendors that speak, and to the next one when one fails', async () => {
    affordRetries(gateway, 'speakers');
    const input = `${TEXT} [[sim:fault status=503,vendor=openai]]`;
    const response = await speak({ model: 'speakers', input });
    const sound = await soundOf(response);

    expect(response.headers.get('x-llmhub-provider')).toBe('groq');
    expect(response.headers.get('x-llmhub-attempts')).toBe('2');
    expect(sound.toString('latin1', 0, 3)).toBe('ID3');
    expect(Object.keys(gateway.simulator.calls()).toSorted()).toEqual(['groq', 'openai']);
    expect(gateway.simulator.requests().at(-1)?.body).not.toHaveProperty('stream_format');
  });

  it('names who speaks where a vendor does not', async () => {
    const response = await speak({ model: 'mistral/mistral-large' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: {
        type: 'invalid_request_error',
        param: 'model',
        message: expect.stringMatching(/'mistral' offers no speech.*: .*\bopenai, .*groq/) as unknown,
      },
    });
  });

  it.each([
    ['no text', { input: '' }, 'input'],
    ['a text that is too long', { input: '😀'.repeat(4097) }, 'input'],
    ['no voice', { voice: undefined }, 'voice'],
    ['a voice without an id', { voice: { name: 'ada' } }, 'voice'],
    ['an unknown format', { response_format: 'midi' }, 'response_format'],
    ['a format that is no text', { response_format: ['mp3'] }, 'response_format'],
    ['an inherited name as a format', { response_format: 'toString' }, 'response_format'],
    ['a speed too low', { speed: 0.2 }, 'speed'],
    ['a speed in quotes', { speed: '1' }, 'speed'],
    ['instructions that are no text', { instructions: 7 }, 'instructions'],
    ['an unknown stream', { stream_format: 'ndjson' }, 'stream_format'],
    ['no model', { model: undefined }, 'model'],
  ])('refuses %s, naming the field', async (_, fields, param) => {
    const response = await speak(fields);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(gateway.simulator.calls()).toEqual({});
  });

  it('takes 4096 characters, whatever they weigh', async () => {
    const response = await speak({ input: '😀'.repeat(4096) });
    await response.arrayBuffer();

    expect(response.status).toBe(200);
  });

  it("tells a vendor's refusal in its own words", async () => {
    const response = await speak({ stream_format: 'sse' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { param: 'stream_format', message: expect.stringContaining('not supported') as unknown },
    });
  });

  it('is closed before the vendor is asked, where budgets leave nothing', async () => {
    const at = `/admin/projects/${gateway.projectId}/budgets`;
    const terms = { name: 'little', limitUsd: 0.000_001, period: 'month' };
    const { body } = await gateway.admin<{ id: string }>('POST', at, terms);
    const refused = await Promise.all(['tts-1', MINI].map(model => speak({ model })));
    await gateway.admin('PATCH', `${at}/${body.id}`, { limitUsd: 1 });
    const letIn = await speak();
    await letIn.arrayBuffer();
    const { costNanoUsd } = await usageOf(gateway, letIn.headers.get('x-request-id'));
    const { body: spending } = await gateway.admin<{ data: { spentUsd: number }[] }>(
      'GET',
      `${at}/${body.id}/spending`,
    );
    await gateway.admin('DELETE', `${at}/${body.id}`);

    expect(refused.map(({ status }) => status)).toEqual([402, 402]);
    expect(letIn.status).toBe(200);
    expect(spending.data[0]?.spentUsd).toBe((costNanoUsd ?? 0) / 1e9);
    expect(gateway.simulator.bill()).toMatchObject({ openai: { 'tts-1': { calls: 1 } } });
  });

  it('is closed before the vendor is asked, where the tokens of a minute are used', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    await gateway.admin('PATCH', at, { tokensPerMinute: 100 });
    const input = 'word '.repeat(400);
    await eventually(async () => expect(await statusOf({ input })).toBe(429));
    gateway.simulator.reset();
    const again = await statusOf({ input });
    await gateway.admin('PATCH', at, { tokensPerMinute: null });

    expect(again).toBe(429);
    expect(gateway.simulator.calls()).toEqual({});
  });
});

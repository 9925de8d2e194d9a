import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const MODEL = 'google/gemini-2.5-flash';
const SEGMENTS = [
  { start: 0, end: 0.8, speaker: 'A', text: 'Hello.' },
  { start: 0.8, end: 1.6, speaker: 'B', text: 'Hi.' },
];

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(() => gateway.simulator.reset());
afterEach(() => eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([])));
afterAll(() => gateway?.stop());

function post(fields: Record<string, string>, file = HELLO, task = 'transcriptions'): Promise<Response> {
  const body = new FormData();
  Object.entries({ model: MODEL, ...fields }).forEach(([name, value]) => body.append(name, value));
  body.append('file', new File([new Uint8Array(file)], 'hello.wav', { type: 'audio/wav' }));
  return gateway.call(`/v1/audio/${task}`, { method: 'POST', body });
}

interface Received {
  readonly contents: {
    readonly parts: { readonly text?: string; readonly inlineData?: { data: string } }[];
  }[];
}

/** What the vendor got last. */
function received(): { readonly text: string; readonly sound: Buffer } {
  const last = gateway.simulator.requests().at(-1);
  const [words, recording] = (last?.body as Received | undefined)?.contents[0]?.parts ?? [];
  return { text: words?.text ?? '', sound: Buffer.from(recording?.inlineData?.data ?? '', 'base64') };
}

describe('a recording for Gemini', () => {
  it('is written down, and billed by tokens', async () => {
    const response = await post({ prompt: '[[sim:say Hello from afar.]]' });
    const body: unknown = await response.json();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(body).toMatchObject({
      text: 'Hello from afar.',
      usage: { type: 'tokens', cost: (record.costNanoUsd ?? 0) / 1e9 },
      x_llmhub: { provider: 'google' },
    });
    expect(record).toMatchObject({ outcome: 'completed', estimated: false, audioMs: 1695 });
    expect(record.costNanoUsd).toBeGreaterThan(0);
    expect(received().sound.equals(HELLO)).toBe(true);
  });

  it.each([1, 2, 3])('reaches it as it was, in pieces, also with %d bytes over', async more => {
    const big = Buffer.concat([HELLO, Buffer.alloc(1024 * 1024 + more, 7)]);
    const response = await post({ prompt: '[[sim:say Hello.]]' }, big);

    expect(response.status).toBe(200);
    expect(received().sound.equals(big)).toBe(true);
  });

  it('is translated, too', async () => {
    const response = await post({ prompt: '[[sim:say Good day.]]' }, HELLO, 'translations');

    await expect(response.json()).resolves.toMatchObject({ text: 'Good day.' });
    expect(received().text).toMatch(/into English/);
  });

  it.each([
    ['srt', /^1\n00:00:00,000 --> 00:00:00,800\nHello\.\n\n2\n/],
    ['vtt', /^WEBVTT\n\n00:00:00\.000 --> /],
    ['verbose_json', /"duration":1\.69.*"segments":\[\{"id":0,"start":0,"end":0\.8,"text":"Hello\."/],
    ['diarized_json', /"text":"Hello\.","speaker":"A".*"speaker":"B"/],
  ])('is timed for %s, and the caller told that this is an estimate', async (format, written) => {
    const said = JSON.stringify({ language: 'en', segments: SEGMENTS });
    const response = await post({ response_format: format, prompt: `[[sim:say ${said}]]` });

    await expect(response.text()).resolves.toMatch(written);
    expect(response.headers.get('x-llmhub-warnings')).toContain('approximated=response_format');
  });

  it.each([
    ['cannot be', 'beyond', { start: 0, end: 90 }],
    ['cannot be read', 'unread', { start: '0:00', end: '0:01' }],
  ])('is heard by another one, where its times %s', async (_what, name, times) => {
    const at = `/admin/projects/${gateway.projectId}/routing-policies`;
    const targets = [MODEL, 'openai/whisper-1'].map(model => ({ model }));
    expect(await gateway.admin('POST', at, { name, targets })).toMatchObject({ status: 201 });
    const segments = [{ ...times, speaker: 'A', text: 'Hello.' }];
    const asked = { response_format: 'srt', prompt: `[[sim:say ${JSON.stringify({ segments })}]]` };
    const alone = await post(asked);
    const response = await post({ ...asked, model: name });

    expect(alone.status).toBe(502);
    await expect(alone.json()).resolves.toMatchObject({ error: { code: 'wrong_timestamps' } });
    expect(response.headers.get('x-llmhub-model')).toBe('whisper-1');
    await expect(response.text()).resolves.toMatch(/^1\n00:00:00,000 --> 00:00:0/);
  });

  it('has as much set aside as the model may think', async () => {
    const at = `/admin/projects/${gateway.projectId}/budgets`;
    const terms = { name: 'a cent', limitUsd: 0.01, period: 'total' };
    const { body } = await gateway.admin<{ id: string }>('POST', at, terms);
    const { status } = await post({});
    await gateway.admin('DELETE', `${at}/${body.id}`);

    expect(status).toBe(402);
    expect(gateway.simulator.calls()).toEqual({});
  });

  it.each([
    ['malformed', 502],
    ['status=503', 503],
    ['policy', 502],
  ])('that it fails with (%s) is a %d', async (fault, status) => {
    gateway.simulator.chaos([{ fault }]);

    expect((await post({})).status).toBe(status);
  });
});

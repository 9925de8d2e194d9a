import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
afterEach(() => eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([])));
afterAll(() => gateway?.stop());

function form(fields: Record<string, string>, file: Buffer | null = HELLO, fileFirst = true): FormData {
  const entries: [string, string | Blob][] = Object.entries(fields);
  if (file) {
    const part: [string, Blob] = [
      'file',
      new File([new Uint8Array(file)], 'hello.wav', { type: 'audio/wav' }),
    ];
    entries.splice(fileFirst ? 0 : entries.length, 0, part);
  }
  const data = new FormData();
  for (const [name, value] of entries) {
    data.append(name, value);
  }
  return data;
}

/** A WAV of nothing to hear. */
function silence(seconds: number): Buffer {
  const bytes = seconds * 32_000;
  const header = Buffer.from(HELLO.subarray(0, 44));
  header.writeUInt32LE(36 + bytes, 4);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.alloc(bytes)]);
}

function withLength(wav: Buffer, claimed: number): Buffer {
  wav.writeUInt32LE(claimed, 40);
  return wav;
}

/** One of few bytes: a hundred samples a second. */
function slow(seconds: number): Buffer {
  const wav = silence(seconds / 160);
  wav.writeUInt32LE(100, 24);
  wav.writeUInt32LE(200, 28);
  return wav;
}

const post = (fields: Record<string, string>, file?: Buffer | null): Promise<Response> =>
  gateway.call('/v1/audio/transcribe', { method: 'POST', body: form(fields, file) });

describe('transcription', () => {
  it.each([
    ['json', 'application/json', /"text":"This is the transcript/],
    ['verbose_json', 'application/json', /"segments":\[/],
    ['text', 'text/plain', /^This is the transcript of hello\.wav/],
    ['srt', 'text/plain', /^1\n00:00:00,000 --> 00:00:0/],
    ['vtt', 'text/plain', /^WEBVTT\n\n00:00:00\.000 --> /],
  ])('answers in %s, and every format is metered', async (format, type, body) => {
    const response = await post({ model: 'whisper-1', response_format: format });
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(response.headers.get('x-llmhub-file-hash')).toBe(hash('sha256', HELLO));
    expect(response.headers.get('content-type')).toContain(type);
    await expect(response.text()).resolves.toMatch(body);
    expect(record).toMatchObject({
      endpoint: '/v1/audio/transcribe',
      outcome: 'completed',
      provider: 'openai',
    });
    expect(record.audioMs).toBeGreaterThan(1000);
    expect(record.costNanoUsd).toBeGreaterThan(0);
  });

  it('serves the official SDK, whole and streamed', async () => {
    const file = await toFile(HELLO, 'hello.wav');
    const whole = await openai.audio.transcriptions.create({ file, model: 'whisper-1' });
    const stream = await openai.audio.transcriptions.create({
      file,
      model: 'gpt-4o-transcribe',
      stream: true,
    });
    let text = '';
    for await (const event of stream) {
      text = event.type === 'transcript.text.done' ? event.text : text;
    }

    expect(whole).toMatchObject({ x_llmhub: { file_hash: hash('sha256', HELLO) } });
    expect(whole.text).toContain('hello.wav');
    expect(text).toContain('hello.wav');
  });

  it('streams the text of a model that does not, to the official SDK', async () => {
    const file = await toFile(HELLO, 'hello.wav');
    const stream = await openai.audio.transcriptions.create({ file, model: 'whisper-1', stream: true });
    const events = [];
    for await (const event of stream) {
      events.push(event);
    }

    const [delta, done] = events;
    expect(events.map(({ type }) => type)).toEqual(['transcript.text.delta', 'transcript.text.done']);
    expect(delta).toMatchObject({ delta: expect.stringContaining('hello.wav') as unknown });
    expect(done).toMatchObject({ usage: { type: 'duration', cost: expect.any(Number) as unknown } });
  });

  it.each([
    ['text', 'text/plain', /^This is the transcript of hello\.wav/],
    ['srt', 'text/plain', /^1\n00:00:00,000 --> 00:00:0/],
    ['vtt', 'text/plain', /^WEBVTT\n\n00:00:00\.000 --> /],
    ['verbose_json', 'application/json', /"duration":1\.69.*"segments":\[\{"id":0,/],
    ['diarized_json', 'application/json', /"speaker":"B"/],
  ])('makes %s of what a model that tells speakers apart has', async (format, type, body) => {
    const response = await post({ model: 'gpt-4o-transcribe-diarize', response_format: format });

    expect(response.headers.get('content-type')).toContain(type);
    await expect(response.text()).resolves.toMatch(body);
  });

  it('takes the fields before or after the file', async () => {
    for (const fileFirst of [true, false]) {
      const body = form({ model: 'whisper-1' }, HELLO, fileFirst);
      expect((await gateway.call('/v1/audio/transcribe', { method: 'POST', body })).status).toBe(200);
    }
  });

  it.each([
    ['no file', { model: 'whisper-1' }, null, 'file'],
    ['no model', {}, HELLO, 'model'],
    ['an unknown format', { model: 'whisper-1', response_format: 'mp4' }, HELLO, 'response_format'],
    ['a wrong temperature', { model: 'whisper-1', temperature: 'hot' }, HELLO, 'temperature'],
    ['a key of nobody', { model: 'whisper-1', llm_api_key_id: 'nobody' }, HELLO, 'llm_api_key_id'],
    ['a vendor without transcription', { model: 'anthropic/claude-sonnet-5' }, HELLO, 'model'],
  ])('refuses %s, naming the field', async (_, fields, file, param) => {
    const response = await post(fields, file);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it.each([
    ['nothing', Buffer.alloc(0), /is empty/],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /is image\/png/],
    ['a page', Buffer.from('<!doctype html><title>Sign in</title>'), /is text/],
    ['zeros', Buffer.alloc(5000), /starts with 00 00 .*, as no sound of a kind known does\. Send/],
    ['the mark of an Ogg and no more', Buffer.from('OggS\0\x02'), /^The file/],
    ['a head and no more', HELLO.subarray(0, 30), /\(audio\/wav\) breaks off/],
  ])('refuses %s instead of a recording, saying what it is, and asks nobody', async (_, file, message) => {
    const response = await post({ model: 'whisper-1' }, file);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: {
        type: 'invalid_request_error',
        param: 'file',
        message: expect.stringMatching(message) as unknown,
      },
    });
    expect(record).toMatchObject({ outcome: 'failed', attempts: 0, costNanoUsd: 0 });
  });

  it.each([
    ['is told', (wav: Buffer): Buffer => wav],
    ['was left open', (wav: Buffer): Buffer => withLength(wav, 0)],
    ['is a lie', (wav: Buffer): Buffer => withLength(wav, 64_000_000)],
  ])('sets aside what the recording can cost by its length, which %s', async (_, make) => {
    const minute = make(silence(60));
    const at = `/admin/projects/${gateway.projectId}/budgets`;
    const terms = { name: 'a minute and a half', limitUsd: 0.009, period: 'total' };
    const { body } = await gateway.admin<{ id: string }>('POST', at, terms);
    const statuses = [];
    for (let n = 0; n < 2; n++) {
      statuses.push((await post({ model: 'whisper-1' }, minute)).status);
    }
    await gateway.admin('DELETE', `${at}/${body.id}`);

    expect(statuses).toEqual([200, 402]);
  });

  it.each([
    ['seconds', 'openai/gpt-4o-transcribe', (): Buffer => slow(1501), /1501 s; .* hears 1500 s/],
    [
      'bytes',
      'google/gemini-2.5-flash',
      (): Buffer => silence(480),
      /15360044 bytes; .* hears 14680064 bytes/,
    ],
  ])('says of one with too many %s how many may be, and asks nobody', async (_, model, file, message) => {
    gateway.simulator.reset();
    const response = await post({ model }, file());

    expect(response.status).toBe(413);
    await expect(response.json()).resolves.toMatchObject({
      error: { code: 'recording_too_long', message: expect.stringMatching(message) as unknown },
    });
    expect(gateway.simulator.calls()).toEqual({});
  });

  it('has one that is too long for one vendor heard by another', async () => {
    const at = `/admin/projects/${gateway.projectId}/routing-policies`;
    const targets = ['openai/gpt-4o-transcribe', 'openai/whisper-1'].map(model => ({ model }));
    expect(await gateway.admin('POST', at, { name: 'patient', targets })).toMatchObject({ status: 201 });
    const long = await post({ model: 'patient' }, slow(1501));
    const short = await post({ model: 'patient' });

    expect([long.status, short.status]).toEqual([200, 200]);
    expect(long.headers.get('x-llmhub-model')).toBe('whisper-1');
    expect(short.headers.get('x-llmhub-model')).toBe('gpt-4o-transcribe');
    const id = long.headers.get('x-request-id');
    await usageOf(gateway, id);
    await expect(gateway.admin('GET', `/admin/usage/${id}`)).resolves.toMatchObject({
      body: {
        decision: {
          plan: {
            excluded: ["The recording has 1501 s; 'openai/gpt-4o-transcribe' hears 1500 s at once", null],
          },
        },
      },
    });
  });

  it('that is too long for all of them is a 413 that says who hears most', async () => {
    const at = `/admin/projects/${gateway.projectId}/routing-policies`;
    const targets = ['anthropic/claude-sonnet-5', 'openai/gpt-4o-transcribe', 'google/gemini-2.5-flash'].map(
      model => ({ model }),
    );
    expect(await gateway.admin('POST', at, { name: 'hasty', targets })).toMatchObject({ status: 201 });
    gateway.simulator.reset();
    const wav = silence(560);
    wav.writeUInt32LE(5000, 24);
    wav.writeUInt32LE(10_000, 28);
    const response = await post({ model: 'hasty' }, wav);

    expect(response.status).toBe(413);
    await expect(response.json()).resolves.toMatchObject({
      error: {
        code: 'recording_too_long',
        message: expect.stringMatching(
          /'openai\/gpt-4o-transcribe' hears 1500 s at once, the most of all targets/,
        ) as unknown,
      },
    });
    expect(gateway.simulator.calls()).toEqual({});
  });

  it('shows the vendor the chosen key of the project', async () => {
    const keys = `/admin/projects/${gateway.projectId}/provider-keys`;
    const key = { provider: 'openai', name: 'audio', apiKey: 'sk-of-the-project-0001' };
    const { body } = await gateway.admin<{ id: string }>('POST', keys, key);
    const response = await post({ model: 'whisper-1', llm_api_key_id: body.id });
    const seen = gateway.simulator.requests().at(-1)?.headers['authorization'];
    await gateway.admin('DELETE', `${keys}/${body.id}`);

    expect(response.status).toBe(200);
    expect(seen).toBe('Bearer sk-of-the-project-0001');
  });

  it('refuses a file over the limit of its key, whatever the project allows', async () => {
    const keys = `/admin/projects/${gateway.projectId}/api-keys`;
    const { body } = (await gateway.admin('POST', keys, { name: 'small', fileLimitBytes: 1000 })) as {
      body: { key: string };
    };
    const init = { method: 'POST', body: form({ model: 'whisper-1' }) };
    const small = await gateway.call('/v1/audio/transcribe', {
      ...init,
      headers: { authorization: `Bearer ${body.key}` },
    });

    expect(small.status).toBe(413);
    expect((await post({ model: 'whisper-1' })).status).toBe(200);
  });

  it('refuses a file over the limit of the project', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    await gateway.admin('PATCH', at, { fileLimitBytes: 1000 });
    const response = await eventually(async () => {
      const answer = await post({ model: 'whisper-1' });
      expect(answer.status).toBe(413);
      return answer;
    });
    await gateway.admin('PATCH', at, { fileLimitBytes: null });

    await expect(response.json()).resolves.toMatchObject({ error: { code: 'file_too_large' } });
  });
});

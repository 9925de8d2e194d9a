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

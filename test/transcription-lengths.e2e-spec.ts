import { HELLO } from './support/hearing.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

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

function post(fields: Record<string, string>, file: Buffer = HELLO): Promise<Response> {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  body.append('file', new File([new Uint8Array(file)], 'hello.wav', { type: 'audio/wav' }));
  return gateway.call('/v1/audio/transcribe', { method: 'POST', body });
}

describe('the length of a recording', () => {
  it.each(['false', 'true'])(
    'has on record how long was heard, too, when it is billed by tokens: stream %s',
    async stream => {
      const response = await post({ model: 'gpt-4o-transcribe', stream });
      const text = await response.text();
      const record = await usageOf(gateway, response.headers.get('x-request-id'));

      expect(text).toContain('"usage":{"type":"tokens"');
      expect(record).toMatchObject({ audioMs: 1695, estimated: false });
      const { inputTokens, audioInputTokens, outputTokens } = record;
      expect(record.costNanoUsd).toBe(
        (inputTokens - audioInputTokens) * 2500 + audioInputTokens * 6000 + outputTokens * 10_000,
      );
    },
  );

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
});

import OpenAI, { APIError, toFile } from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

/** Silence: 16-bit mono at 8 kHz. */
function wav(seconds: number): Buffer {
  const data = Buffer.alloc(seconds * 16_000);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

const TEXT = 'This is the transcript of two.wav, 32044 bytes, 2.00 seconds.';

const file = () => toFile(wav(2), 'two.wav');

describe('transcription', () => {
  let simulator: Simulator;
  let openai: OpenAI;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  const askFor = async (response_format: 'text' | 'srt' | 'vtt') =>
    openai.audio.transcriptions.create({ model: 'whisper-1', file: await file(), response_format });

  it('answers json, and bills whisper by the second', async () => {
    const answer = await openai.audio.transcriptions.create({ model: 'whisper-1', file: await file() });

    expect(answer).toEqual({ text: TEXT, usage: { type: 'duration', seconds: 2 } });
    expect(simulator.bill()).toMatchObject({
      openai: { 'whisper-1': { calls: 1, audio_seconds: 2, output: 0 } },
    });
  });

  it('translates, telling the length in the verbose format alone', async () => {
    const model = 'whisper-1';
    const text = TEXT.replace('transcript', 'translation');
    const verbose = await openai.audio.translations.create({
      model,
      file: await file(),
      response_format: 'verbose_json',
    });

    expect(await openai.audio.translations.create({ model, file: await file() })).toEqual({ text });
    expect(verbose).toMatchObject({ task: 'translate', language: 'english', duration: 2, text });
    expect(verbose).not.toHaveProperty('usage');
    expect(simulator.bill()).toMatchObject({ openai: { [model]: { calls: 2, audio_seconds: 4 } } });
    await expect(
      openai.audio.translations.create({ model: 'gpt-4o-transcribe', file: await file() }),
    ).rejects.toMatchObject({ status: 400, param: 'model' });
  });

  it('bills the models after whisper by tokens', async () => {
    const answer = await openai.audio.transcriptions.create({
      model: 'gpt-4o-transcribe',
      file: await file(),
      prompt: 'silence',
    });
    const output_tokens = Math.ceil(TEXT.length / 4);

    expect(answer.usage).toEqual({
      type: 'tokens',
      input_tokens: 22,
      input_token_details: { text_tokens: 2, audio_tokens: 20 },
      output_tokens,
      total_tokens: 22 + output_tokens,
    });
    expect(simulator.bill()).toMatchObject({
      openai: { 'gpt-4o-transcribe': { input: 22, output: output_tokens, audio_seconds: 0 } },
    });
  });

  it('answers text, srt and vtt', async () => {
    expect(await askFor('text')).toBe(`${TEXT}\n`);
    expect(await askFor('srt')).toBe(
      '1\n00:00:00,000 --> 00:00:01,000\nThis is the transcript of\n\n2\n00:00:01,000 --> 00:00:02,000\ntwo.wav, 32044 bytes, 2.00 seconds.\n',
    );
    expect(await askFor('vtt')).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\nThis is/);
  });

  it('answers verbose_json with the granularities that were asked for', async () => {
    const answer = await openai.audio.transcriptions.create({
      model: 'whisper-1',
      file: await file(),
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
      language: 'de',
    });
    expect(answer).toMatchObject({ duration: 2, language: 'de', text: TEXT });
    expect(answer.words?.map(each => each.word).join(' ')).toBe(TEXT);
    expect(answer.words?.at(-1)?.end).toBe(2);
    expect(answer.segments?.map(each => each.text).join(' ')).toBe(TEXT);
  });

  it('streams, but not with whisper', async () => {
    const stream = await openai.audio.transcriptions.create({
      model: 'gpt-4o-transcribe',
      file: await file(),
      stream: true,
    });
    let text = '';
    let last;
    for await (const event of stream) {
      text += event.type === 'transcript.text.delta' ? event.delta : '';
      last = event;
    }
    expect(text).toBe(TEXT);
    expect(last).toMatchObject({ type: 'transcript.text.done', text: TEXT, usage: { type: 'tokens' } });
  });

  it('takes fields behind the file', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(wav(2))]), 'two.wav');
    form.append('prompt', '[[sim:say Nothing at all.]]');
    form.append('model', 'whisper-1');
    const headers = { authorization: 'Bearer key' };
    const response = await fetch(`${simulator.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers,
      body: form,
    });

    expect(await response.json()).toMatchObject({ text: 'Nothing at all.' });
    expect(simulator.requests().at(-1)?.body).toMatchObject({
      model: 'whisper-1',
      file: { name: 'two.wav', bytes: 32_044, seconds: 2 },
    });
  });

  it.each([
    [
      'a format the model does not write',
      { model: 'gpt-4o-transcribe', response_format: 'srt' },
      'a.wav',
      400,
    ],
    [
      'granularities of a plain answer',
      { model: 'whisper-1', timestamp_granularities: ['word'] },
      'a.wav',
      400,
    ],
    ['an unknown kind of file', { model: 'whisper-1' }, 'a.txt', 400],
    ['an unknown model', { model: 'no-such-model' }, 'a.wav', 404],
    [
      'a status asked for in the prompt',
      { model: 'whisper-1', prompt: '[[sim:fault status=503]]' },
      'a.wav',
      503,
    ],
  ])('refuses %s', async (_, params, name, status) => {
    const request = { ...params, file: await toFile(wav(1), name) } as OpenAI.Audio.TranscriptionCreateParams;
    const error = await openai.audio.transcriptions.create(request).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(APIError);
    expect((error as APIError).status).toBe(status);
    expect(simulator.bill()).toEqual({});
  });

  it('refuses files beyond 25 MB', async () => {
    const request = { model: 'whisper-1', file: await toFile(Buffer.alloc(26 * 1024 * 1024), 'big.wav') };
    await expect(openai.audio.transcriptions.create(request)).rejects.toMatchObject({ status: 413 });
  });
});

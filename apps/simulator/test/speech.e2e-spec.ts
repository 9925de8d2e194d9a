import OpenAI from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

const HEADER_BYTES = 44;
/** 24 kHz, 16 bits, 60 ms a character. */
const bytesOf = (text: string): number => Math.round(text.length * 0.06 * 24_000) * 2;

describe('speech', () => {
  let simulator: Simulator;
  let openai: OpenAI;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  async function speak(body: Partial<OpenAI.Audio.SpeechCreateParams>): Promise<Buffer> {
    const asked = { model: 'tts-1', voice: 'alloy', input: 'Hello there.', ...body };
    return Buffer.from(await (await openai.audio.speech.create(asked)).arrayBuffer());
  }

  it('is a sine as long as the text, in PCM and WAV alike, and slower or faster', async () => {
    const pcm = await speak({ response_format: 'pcm' });
    const wav = await speak({ response_format: 'wav' });

    expect(pcm).toHaveLength(bytesOf('Hello there.'));
    expect(wav.subarray(HEADER_BYTES)).toEqual(pcm);
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt32LE(40)).toBe(pcm.length);
    expect(Math.max(...new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2))).toBe(8000);
    expect(await speak({ response_format: 'pcm', speed: 2 })).toHaveLength(pcm.length / 2);
  });

  it.each([
    ['mp3', 'ID3'],
    ['opus', 'OggS'],
    ['aac', '\xff\xf1'],
    ['flac', 'fLaC'],
  ] as const)('looks like %s', async (response_format, magic) => {
    const sound = await speak({ response_format });

    expect(sound.toString('latin1', 0, magic.length)).toBe(magic);
  });

  it('bills tts by characters, and the models after it by tokens', async () => {
    await speak({ input: 'Ĝis 😀' });
    await speak({ model: 'gpt-4o-mini-tts', input: 'a'.repeat(100), instructions: 'Calmly.' });

    expect(simulator.bill()).toMatchObject({
      openai: {
        'tts-1': { calls: 1, characters: 5, input: 0 },
        'gpt-4o-mini-tts': { calls: 1, characters: 0, input: 27, output: 120 },
      },
    });
  });

  it.each([
    ['a text that is too long', { input: 'a'.repeat(4097) }, 'input'],
    ['no voice', { voice: '' }, 'voice'],
    ['a speed beyond reason', { speed: 5 }, 'speed'],
    ['an unknown format', { response_format: 'midi' }, 'response_format'],
    ['events of tts-1', { stream_format: 'sse' }, 'stream_format'],
  ] as [string, object, string][])('refuses %s', async (_, body, param) => {
    await expect(speak(body)).rejects.toMatchObject({ status: 400, param });
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { RECOGNISER_TEST_URI } from './support/recogniser.js';
import { usageOf } from './support/usage.js';

/** What is spoken: plain English, which a small model knows. */
const SENTENCES = [
  'the quick brown fox jumps over the lazy dog',
  'please send the letter to my brother in the morning',
  "we will meet at the station at seven o'clock",
  'the weather is very cold today',
  'she sells fresh bread in the market',
  'open the window and close the door',
  'i would like to have a cup of tea',
  'my father works in a large hospital',
  'the children are playing in the garden',
  'he bought a new car last week',
];
const MODEL = 'sphinx/en-us';
const VOICE = 'awb';
/** Of the words of all sentences; 98 of 100 come back. */
const LEAST_RIGHT = 0.9;
/** By words that any two sentences share. */
const MOST_RIGHT_OF_OTHERS = 0.4;
const USD_PER_SECOND = 0.0001;
const NANO_USD = 1e9;
/** As flite writes it: 16,000 samples of two bytes a second, behind a head. */
const [HEAD_BYTES, BYTES_PER_MS] = [44, 32];
const HAS_FFMPEG = spawnSync('ffmpeg', ['-version']).error === undefined;

(RECOGNISER_TEST_URI === undefined ? describe.skip : describe)('speech that a real recogniser hears', () => {
  let folder: string;
  let gateway: TestGateway;
  let openai: OpenAI;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spoken-'));
    gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_SPHINX_BASE_URL: `${RECOGNISER_TEST_URI}/v1`,
      AI_GATEWAY_PROVIDERS_SPHINX_API_KEY: 'sphinx-key-0123456789',
    });
    openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const prices = { [MODEL]: { mode: 'audio_transcription', input_cost_per_second: USD_PER_SECOND } };
    expect(await gateway.admin('PUT', '/admin/prices', { prices })).toMatchObject({ status: 200 });
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A wav of it. */
  function speak(text: string): string {
    const file = path.join(folder, `${text.replaceAll(/\W/g, '-')}.wav`);
    execFileSync('flite', ['-voice', VOICE, '-t', text, '-o', file]);
    return file;
  }

  async function hear(file: string): Promise<{ text: string; record: Awaited<ReturnType<typeof usageOf>> }> {
    const asked = openai.audio.transcriptions.create({ file: createReadStream(file), model: MODEL });
    const { data, response } = await asked.withResponse();
    return { text: data.text, record: await usageOf(gateway, response.headers.get('x-request-id')) };
  }

  it('comes back as words, and costs what its seconds cost', async () => {
    const files = SENTENCES.map(speak);
    const heard = [];
    for (const file of files) {
      heard.push(await hear(file));
    }
    const texts = heard.map(({ text }) => text);

    expect({ texts, right: shareOfWords(SENTENCES, texts) > LEAST_RIGHT }).toEqual({ texts, right: true });
    expect(shareOfWords([...SENTENCES.slice(1), ...SENTENCES.slice(0, 1)], texts)).toBeLessThan(
      MOST_RIGHT_OF_OTHERS,
    );
    heard.forEach(({ record }, at) => {
      const ms = (statSync(files[at] ?? '').size - HEAD_BYTES) / BYTES_PER_MS;
      expect(record).toMatchObject({ provider: 'sphinx', outcome: 'completed', audioMs: Math.round(ms) });
      expect(record.costNanoUsd).toBe(Math.round((ms / 1000) * USD_PER_SECOND * NANO_USD));
    });
  }, 120_000);

  it('comes back word by word, at the times when they were said', async () => {
    const file = speak('my father works in a large hospital');
    const told = await openai.audio.transcriptions.create({
      file: createReadStream(file),
      model: MODEL,
      response_format: 'verbose_json',
      timestamp_granularities: ['word'],
    });
    const seconds = (statSync(file).size - HEAD_BYTES) / BYTES_PER_MS / 1000;
    const times = (told.words ?? []).flatMap(({ start, end }) => [start, end]);

    expect(told.duration).toBeCloseTo(seconds, 3);
    expect(told.words?.map(({ word }) => word)).toContain('hospital');
    expect(times).toEqual(times.toSorted((one, two) => one - two));
    expect(times.at(-1)).toBeLessThanOrEqual(seconds);
  });

  it.each([
    ['srt', /^1\n00:00:00,000 --> 00:00:0\d,\d{3}\n.*hospital/],
    ['vtt', /^WEBVTT\n\n00:00:00\.000 --> .*\n.*hospital/],
  ] as const)(
    'comes back as subtitles, which the recogniser does not write (%s)',
    async (format, pattern) => {
      const body = new FormData();
      const file = speak('my father works in a large hospital');
      body.append('file', await new Response(createReadStream(file) as never).blob(), 'spoken.wav');
      body.append('model', MODEL);
      body.append('response_format', format);
      const response = await gateway.call('/v1/audio/transcriptions', { method: 'POST', body });

      expect(response.status).toBe(200);
      expect(await response.text()).toMatch(pattern);
    },
  );

  (HAS_FFMPEG ? it.each : it.skip.each)(['flac', 'mp3', 'ogg', 'webm', 'm4a'])(
    'comes back from another container, too: %s',
    async container => {
      const wav = speak('my father works in a large hospital');
      const file = wav.replace(/wav$/, container);
      execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', wav, file]);
      const { text, record } = await hear(file);

      expect(text).toContain('hospital');
      expect(Math.abs((record.audioMs ?? 0) - (statSync(wav).size - HEAD_BYTES) / BYTES_PER_MS)).toBeLessThan(
        150,
      );
    },
  );
});

/** Of the words that were said those that were heard: all, less what is missing, wrong or too much. */
function shareOfWords(said: readonly string[], heard: readonly string[]): number {
  const words = said.map(text => text.split(' '));
  const wrong = words.map((each, at) => distance(each, heard[at]?.split(' ') ?? []));
  return 1 - sum(wrong) / sum(words.map(({ length }) => length));
}

/** How many words have to be put in, taken out or replaced. */
function distance(one: readonly string[], two: readonly string[]): number {
  let row = [0, ...two.map((_, at) => at + 1)];
  one.forEach((word, at) => {
    const next = [at + 1];
    two.forEach((other, to) => {
      const kept = (row[to] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(kept, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Modality } from '@google/genai';
import OpenAI from 'openai';
import { Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { answer, audio, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import { LiveGround } from './support/live-ground.js';

const GROK = 'grok-voice-latest';
/** Nano-USD. */
const RATES = { second: 20_000, input: 4000, output: 16_000, audioInput: 32_000, audioOutput: 64_000 };
const usd = (nano: number): number => nano / 1e9;

const folder = mkdtempSync(path.join(tmpdir(), 'accents-'));
const prices = path.join(folder, 'prices.json');
writeFileSync(
  prices,
  JSON.stringify({
    [`xai/${GROK}`]: { input_cost_per_second: usd(RATES.second) },
    [`azure-openai/${MODEL}`]: {
      input_cost_per_token: usd(RATES.input),
      output_cost_per_token: usd(RATES.output),
      input_cost_per_audio_token: usd(RATES.audioInput),
      output_cost_per_audio_token: usd(RATES.audioOutput),
    },
  }),
);

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_XAI_BASE_URL: `${url}/xai/v1`,
  AI_GATEWAY_PROVIDERS_XAI_API_KEY: 'xai-simulated',
  AI_GATEWAY_PROVIDERS_AZURE_OPENAI_BASE_URL: `${url}/azure-openai/openai/v1`,
  AI_GATEWAY_PROVIDERS_AZURE_OPENAI_API_KEY: 'azure-simulated',
  AI_GATEWAY_PRICES_FILE: prices,
}));
let front: TlsFront;
let talk: OpenAiTalk;

beforeAll(async () => {
  front = await startTlsFront(Number(new URL(ground.gateway.url).port));
});
afterAll(async () => {
  await front.close();
  await rm(folder, { recursive: true });
});

async function open(model: string): Promise<void> {
  const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
  talk = await OpenAiTalk.open(openai, model, front);
}

const spoken = (): Buffer =>
  Buffer.concat(talk.deltas('response.output_audio.delta').map(delta => Buffer.from(delta, 'base64')));
const words = (): string => talk.deltas('response.output_audio_transcript.delta').join('');
const types = (): readonly string[] => talk.events.map(({ type }) => type);

/** It is told beside the response, and the ledger has it. */
async function paidAtXai(done: object): Promise<void> {
  const { usage, response } = done as {
    usage: { input_tokens: number; output_tokens: number; billable_audio_seconds: number };
    response: { id: string; usage: object };
  };
  const seconds = usage.billable_audio_seconds;
  expect(response.usage).toEqual({});
  expect(seconds).toBeGreaterThan(0);
  const [record] = await ground.answers(1);
  expect(record).toMatchObject({
    provider: 'xai',
    modelUsed: GROK,
    upstreamId: response.id,
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    audioMs: seconds * 1000,
    costNanoUsd: seconds * RATES.second,
    priceExact: true,
    estimated: false,
    outcome: 'completed',
  });
  const sold = ground.gateway.simulator.bill()['xai']?.[GROK];
  expect(sold).toMatchObject({ calls: 1, input: usage.input_tokens, output: usage.output_tokens });
}

async function paidAtAzure(usage: OpenAI.Realtime.RealtimeResponseUsage | undefined): Promise<void> {
  const heard = usage?.input_token_details?.audio_tokens ?? NaN;
  const told = usage?.output_token_details?.audio_tokens ?? NaN;
  const { input_tokens: input = NaN, output_tokens: output = NaN } = usage ?? {};
  const [record] = await ground.answers(1);
  expect(record).toMatchObject({
    provider: 'azure-openai',
    modelUsed: MODEL,
    inputTokens: input,
    outputTokens: output,
    audioInputTokens: heard,
    audioOutputTokens: told,
    costNanoUsd:
      (input - heard) * RATES.input +
      heard * RATES.audioInput +
      (output - told) * RATES.output +
      told * RATES.audioOutput,
    priceExact: true,
    estimated: false,
  });
  const sold = ground.gateway.simulator.bill()['azure-openai']?.[MODEL];
  expect(sold).toMatchObject({ calls: 1, input, output, audio_input: heard, audio_output: told });
}

async function paidCrossed(): Promise<void> {
  const [record] = await ground.answers(1);
  expect(record).toMatchObject({ provider: 'xai', modelUsed: GROK, estimated: false, priceExact: true });
  expect(record?.costNanoUsd).toBe(((record?.audioMs ?? NaN) / 1000) * RATES.second);
  const sold = ground.gateway.simulator.bill()['xai']?.[GROK];
  expect(sold).toMatchObject({ calls: 1, input: record?.inputTokens, output: record?.outputTokens });
}

describe("OpenAI's own client, at xAI", () => {
  beforeEach(() => open(`xai/${GROK}`));
  afterEach(() => talk.close());

  it('has its text answered aloud, which is paid by the seconds that the vendor bills', async () => {
    talk.client.send(said('one two three'));
    talk.client.send(answer);
    const done = await talk.done();

    expect(words()).toBe('You said: one two three (3 words).');
    expect(peakOf(spoken())).toBeGreaterThan(5000);
    expect(types()).toContain('ping');
    expect(types()).not.toContain('conversation.item.done');
    await paidAtXai(done);
  });

  it('is heard where it has speech detected, in the vendor’s own words for it', async () => {
    const session = { turn_detection: { type: 'server_vad' } };
    talk.client.send({ type: 'session.update', session } as never);
    await talk.client.emitted('session.updated');
    talk.client.send(audio(tone(600), silence(1200)));
    const done = await talk.done();

    expect(types()).toContain('input_audio_buffer.speech_started');
    expect(words()).toMatch(/^You said: I spoke for \d+ ms\./);
    await paidAtXai(done);
  });
});

describe("OpenAI's own client, at Azure", () => {
  beforeEach(() => open(`azure-openai/${MODEL}`));
  afterEach(() => talk.close());

  it('talks in words', async () => {
    talk.client.send(inWords);
    talk.client.send(said('one two three'));
    talk.client.send(answer);
    const { response } = await talk.done();

    expect(talk.deltas('response.output_text.delta').join('')).toBe('You said: one two three (3 words).');
    const part = talk.events.find(({ type }) => type === 'response.content_part.done');
    expect(part).toMatchObject({ content: { type: 'text', text: 'You said: one two three (3 words).' } });
    await paidAtAzure(response.usage);
  });

  it('is heard, and spoken to', async () => {
    talk.client.send(audio(tone(600), silence(1200)));
    const { response } = await talk.done();

    expect(words()).toMatch(/^You said: I spoke for \d+ ms\./);
    expect(peakOf(spoken())).toBeGreaterThan(5000);
    await paidAtAzure(response.usage);
  });
});

describe("Google's own live client, at xAI", () => {
  let google: Talk;
  beforeEach(() => {
    google = new Talk();
  });
  afterEach(() => google.session?.close());

  it('has the words of what the vendor says aloud, where it wants words', async () => {
    const config = { responseModalities: [Modality.TEXT] };
    const session = await google.open(ground.google(), config, `xai/${GROK}`);
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'one two' }] }] });
    await google.turns();

    expect(google.text).toBe('You said: one two (2 words).');
    expect(google.spoken).toHaveLength(0);
    await paidCrossed();
  });

  it('is heard, and spoken to', async () => {
    const config = { responseModalities: [Modality.AUDIO], outputAudioTranscription: {} };
    const session = await google.open(ground.google(), config, `xai/${GROK}`);
    const data = Buffer.concat([tone(600, 16_000), silence(1200, 16_000)]).toString('base64');
    session.sendRealtimeInput({ audio: { data, mimeType: 'audio/pcm;rate=16000' } });
    await google.turns();

    expect(peakOf(google.spoken)).toBeGreaterThan(5000);
    const written = google.messages.map(
      ({ serverContent }) => serverContent?.outputTranscription?.text ?? '',
    );
    expect(written.join('')).toMatch(/^You said: I spoke for \d+ ms\./);
    await paidCrossed();
  });
});

import OpenAI from 'openai';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { Simulator } from '../src/server.js';
import { OpenAiTalk } from './support/openai-talk.js';
import { startSimulator } from '../src/server.js';
import { peakOf } from './support/sound.js';
import { answer, inWords, MODEL, said } from './support/realtime-events.js';
import { startTlsFront, type TlsFront } from './support/tls-front.js';

const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'Look up the weather for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

describe("OpenAI's own realtime client", () => {
  let front: TlsFront;
  let talk: OpenAiTalk;
  let client: OpenAIRealtimeWS;

  beforeAll(async () => {
    front = await startTlsFront(simulator.port);
  });
  afterAll(() => front.close());
  beforeEach(async () => {
    const openai = new OpenAI({ apiKey: 'key', baseURL: `https://localhost:${front.port}/v1` });
    talk = await OpenAiTalk.open(openai, MODEL, front);
    ({ client } = talk);
  });
  afterEach(() => talk.close());

  it('gets an answer in words', async () => {
    client.send(inWords);
    client.send(said('one two three'));
    client.send(answer);
    const { response } = await talk.done();

    expect(response.status).toBe('completed');
    expect(talk.deltas('response.output_text.delta').join('')).toBe('You said: one two three (3 words).');
    expect(response.usage?.output_token_details).toEqual({ text_tokens: 9, audio_tokens: 0 });
  });

  it('gets an answer in speech, whose length is that of the text', async () => {
    client.send(said('[[sim:say Hello there, you.]]'));
    client.send(answer);
    const { response } = await talk.done();
    const pcm = Buffer.concat(
      talk.deltas('response.output_audio.delta').map(each => Buffer.from(`${each}`, 'base64')),
    );

    expect(talk.deltas('response.output_audio_transcript.delta').join('')).toBe('Hello there, you.');
    expect(pcm.length).toBe('Hello there, you.'.length * 0.06 * 24_000 * 2);
    expect(peakOf(pcm)).toBeGreaterThan(5000);
    expect(response.usage?.output_token_details).toEqual({ text_tokens: 5, audio_tokens: 21 });
  });

  it('has its tools called, and what they say repeated', async () => {
    client.send({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], tools: [WEATHER] },
    });
    client.send(said('What is the weather in London?'));
    client.send(answer);
    const [call] = (await talk.done()).response.output ?? [];
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather', status: 'completed' });

    const call_id = call?.type === 'function_call' ? (call.call_id ?? '') : '';
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id, output: 'Fog.' },
    });
    client.send(answer);
    await talk.done();
    expect(talk.deltas('response.output_text.delta').join('')).toBe('Tool get_weather said: Fog.');
  });

  it('is told what is wrong as an error event', async () => {
    const errors: unknown[] = [];
    client.on('error', error => errors.push(error.error));
    client.send({ type: 'response.cancel', event_id: 'mine' });
    client.send(said('still there'));
    await new Promise<void>(resolve => client.on('conversation.item.done', () => resolve()));
    expect(errors).toEqual([
      expect.objectContaining({ code: 'response_cancel_not_active', event_id: 'mine' }),
    ]);
  });

  it('carries answers that are much larger than a socket buffers', async () => {
    client.send(said('[[sim:words 300]]'));
    client.send(answer);
    const { response } = await talk.done();
    expect(response.status).toBe('completed');
    expect(talk.deltas('response.output_audio_transcript.delta')).toHaveLength(300);
  });
});

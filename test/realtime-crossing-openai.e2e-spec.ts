import OpenAI from 'openai';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { LIVE_MODEL } from '../apps/simulator/test/support/gemini-talk.js';
import type { Event, LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, audio, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import { LiveGround } from './support/live-ground.js';

const MODEL = `google/${LIVE_MODEL}`;
const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'Look up the weather for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const ground = new LiveGround();
let front: TlsFront;

beforeAll(async () => {
  front = await startTlsFront(Number(new URL(ground.gateway.url).port));
});
afterAll(() => front.close());

const open = (...begin: readonly object[]): Promise<LiveClient> =>
  ground.openAt(`/v1/realtime?model=${MODEL}`, ...begin);
const warnings = (client: LiveClient): unknown[] =>
  client.events
    .filter(({ type }) => type === 'x_llmhub.warnings')
    .flatMap(event => event['warnings'] as unknown[]);
const update = (session: object): object => ({
  type: 'session.update',
  session: { type: 'realtime', ...session },
});

describe("OpenAI's own realtime client, at a model of Google's", () => {
  let talk: OpenAiTalk;
  let client: OpenAIRealtimeWS;

  beforeEach(async () => {
    const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
    talk = await OpenAiTalk.open(openai, MODEL, front);
    ({ client } = talk);
  });
  afterEach(() => talk.close());

  it('talks in words, which is paid for in the ledger', async () => {
    client.send(inWords);
    client.send(said('one two three'));
    client.send(answer);
    const { response } = await talk.done();

    expect(talk.deltas('response.output_text.delta').join('')).toBe('You said: one two three (3 words).');
    expect(response).toMatchObject({ status: 'completed', output_modalities: ['text'] });
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      endpoint: '/v1/realtime',
      provider: 'google',
      modelAsked: MODEL,
      modelUsed: LIVE_MODEL,
      outcome: 'completed',
      inputTokens: response.usage?.input_tokens,
      outputTokens: response.usage?.output_tokens,
      estimated: false,
    });
    expect(ground.gateway.simulator.bill()['google']?.[LIVE_MODEL]?.calls).toBe(1);
  });

  it('is heard, written down and spoken to', async () => {
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: { model: 'whisper-1' } } } },
    });
    client.send(audio(tone(600), silence(1200)));
    const { response } = await talk.done();
    const pcm = Buffer.concat(
      talk.deltas('response.output_audio.delta').map(each => Buffer.from(each, 'base64')),
    );

    expect(peakOf(pcm)).toBeGreaterThan(5000);
    const types = talk.events.map(({ type }) => type);
    const order = [
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'response.created',
      'response.output_audio.delta',
      'response.done',
    ] as const;
    const places = order.map(type => types.indexOf(type));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    const heard = talk.events.find(
      ({ type }) => type === 'conversation.item.input_audio_transcription.completed',
    );
    expect(heard).toMatchObject({ transcript: expect.stringMatching(/^I spoke for \d+ ms\.$/) as string });
    const words = talk.deltas('response.output_audio_transcript.delta').join('');
    expect(response.output?.[0]).toMatchObject({ content: [{ type: 'output_audio', transcript: words }] });
    const [record] = await ground.answers(1);
    expect(record?.audioInputTokens).toBe(response.usage?.input_token_details?.audio_tokens);
    expect(record?.audioOutputTokens).toBeGreaterThan(0);
  });

  it('has its tools called, and their results heard', async () => {
    client.send({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], tools: [WEATHER] },
    });
    client.send(said('[[sim:call get_weather]] What is the weather?'));
    client.send(answer);
    const { response } = await talk.done();
    expect(response.output).toMatchObject([
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"What"}', status: 'completed' },
    ]);
    const [call] = response.output ?? [];
    const callId = call?.type === 'function_call' ? (call.call_id ?? '') : '';
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: callId, output: 'foggy' },
    });
    client.send(answer);
    const { response: second } = await talk.done();

    expect(second.output?.[0]).toMatchObject({ type: 'message', status: 'completed' });
    expect(talk.deltas('response.output_text.delta').join('')).toContain('foggy');
    await ground.answers(1); // to Google it was one
  });
});

describe('a session in the protocol of OpenAI, at a model of Google', () => {
  it('breaks off when its caller speaks up', async () => {
    const client = await open(said('[[sim:delay 30]] tell me a long story '.repeat(20)), answer);
    await client.untilType('response.output_audio.delta');
    client.send(audio(tone(600)));
    await client.untilType('input_audio_buffer.speech_started');
    const { response } = await client.untilType('response.done');

    expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'turn_detected' } });
  });

  it('breaks off when it is told to', async () => {
    const client = await open(inWords, said('[[sim:delay 30]] tell me a long story '.repeat(20)), answer);
    await client.untilType('response.output_text.delta');
    client.send({ type: 'response.cancel' });
    const { response } = await client.untilType('response.done');

    expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'client_cancelled' } });
    client.send(said('again'), answer);
    await client.untilType('response.done', 2);
  });

  it('is told when it speaks by its caller', async () => {
    const manual = update({ audio: { input: { turn_detection: null } } });
    const client = await open(manual, audio(tone(300)), { type: 'input_audio_buffer.commit' }, answer);
    await client.untilType('response.done');

    expect(client.types).toContain('input_audio_buffer.committed');
    expect(client.types).not.toContain('input_audio_buffer.speech_started');
    const [record] = await ground.answers(1);
    expect(record?.audioInputTokens).toBeGreaterThan(0);
  });

  it('has an item for each speech that its caller commits, however quickly they follow', async () => {
    const input = { turn_detection: null, transcription: { model: 'whisper-1' } };
    const commit = { type: 'input_audio_buffer.commit' };
    const client = await open(
      update({ audio: { input } }),
      audio(tone(300)),
      commit,
      audio(tone(300)),
      commit,
      answer,
    );
    await client.untilType('response.done');

    const items = (type: string): unknown[] =>
      client.events.filter(event => event['type'] === type).map(({ item_id }) => item_id);
    const committed = items('input_audio_buffer.committed');
    expect(new Set(committed).size).toBe(2);
    expect(items('conversation.item.input_audio_transcription.completed')).toEqual(committed);
  });

  it.each(['audio/pcmu', 'audio/pcma'])(
    'is heard and spoken to in the sound of telephones, %s',
    async type => {
      const format = { type };
      const client = await open(update({ audio: { input: { format }, output: { format } } }));
      const loud = Buffer.alloc(4800, Buffer.from(type === 'audio/pcmu' ? [0x00, 0x80] : [0x2a, 0xaa]));
      const quiet = Buffer.alloc(9600, type === 'audio/pcmu' ? 0xff : 0xd5);
      client.send(audio(loud, quiet));
      await client.untilType('response.done');

      const bytes = client.events
        .filter(event => event['type'] === 'response.output_audio.delta')
        .map(event => Buffer.from(event['delta'] as string, 'base64'));
      const [record] = await ground.answers(1);
      const seconds = (record?.audioOutputTokens ?? 0) / 25;
      expect(Buffer.concat(bytes).length / 8000).toBeCloseTo(seconds, 0);
    },
  );

  it('remembers what was said before it, and is answered behind it', async () => {
    const before = {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I am Ada.' }] },
    };
    const client = await open(inWords, said('who are you?'), before, said('hello again'), answer);
    await client.untilType('response.done');
    const [record] = await ground.answers(1);
    expect(record?.inputTokens).toBeGreaterThan(6);
  });

  it('tells what its vendor cannot be told, once', async () => {
    const lost = {
      instructions: 'x',
      audio: { output: { voice: 'marin', speed: 1.5 } },
      truncation: 'disabled',
    };
    const client = await open(update(lost), update(lost), said('hello'), answer);
    await client.untilType('response.done');

    expect(warnings(client)).toMatchObject([
      { field: 'session.truncation', action: 'dropped' },
      { field: 'session.audio.output.speed', action: 'dropped' },
      { field: 'session.audio.output.voice', action: 'approximated' },
    ]);
  });

  it.each<[string, object, object]>([
    ['no type', {}, { param: 'type' }],
    ['an event that nobody knows', { type: 'conversation.dance' }, { code: 'unsupported_event' }],
    [
      'a format of sound that is none',
      update({ audio: { input: { format: { type: 'audio/mp3' } } } }),
      { param: 'session.audio.input.format' },
    ],
    ['a prompt that OpenAI keeps', update({ prompt: { id: 'pmpt_1' } }), { code: 'unsupported_fields' }],
    ['nothing to commit', { type: 'input_audio_buffer.commit' }, { code: 'input_audio_buffer_commit_empty' }],
    ['nothing to cancel', { type: 'response.cancel' }, { code: 'response_cancel_not_active' }],
    [
      'a result that nobody waits for',
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'c', output: '' } },
      { code: 'invalid_tool_call_id' },
    ],
    [
      'an item that is none',
      { type: 'conversation.item.create', item: { type: 'mcp_call' } },
      { param: 'item.type' },
    ],
    ['another model', update({ model: 'gpt-realtime' }), { code: 'session_model_fixed' }],
  ])('answers %s with an error, and goes on', async (_, message, error) => {
    const client = await open(message);
    const told: Event = await client.untilType('error');
    expect(told['error']).toMatchObject({ type: 'invalid_request_error', ...error });

    client.send(inWords, said('hello'), answer);
    const { response } = await client.untilType('response.done');
    expect(response).toMatchObject({ status: 'completed' });
  });

  it('is told why its vendor closed it', async () => {
    const client = await ground.openAt(
      '/v1/realtime?model=google/no-such-model',
      inWords,
      said('hello'),
      answer,
    );
    const { error } = await client.untilType('error');
    expect(error).toMatchObject({ message: expect.stringContaining('no-such-model') as string });
    await expect(client.closed).resolves.toBe(1008);
  });
});

describe("what a model of Google's cannot be told", () => {
  it('begins no answer, and holds up none that is asked for without it', async () => {
    const client = await open(update({ output_modalities: ['text'], tools: [{ type: 'web_search' }] }));
    client.send(said('one'), answer);
    await client.untilType('error');
    expect(client.types).not.toContain('response.created');

    client.send(update({ tools: [] }), said('two'), answer);
    const { response } = await client.untilType('response.done');
    expect(response).toMatchObject({ status: 'completed' });
    expect(client.types.filter(type => type === 'error')).toHaveLength(2); // of what was said, and of the answer
  });

  it('is no item of the conversation', async () => {
    const output = { type: 'function_call_output', call_id: 'of nothing', output: '' };
    const client = await open(inWords, { type: 'conversation.item.create', item: output });
    const { error } = await client.untilType('error');

    expect(error).toMatchObject({ code: 'invalid_tool_call_id' });
    expect(client.types).not.toContain('conversation.item.added');
    client.send(said('two'));
    const added = await client.untilType('conversation.item.added');
    expect(added['previous_item_id']).toBeNull();
  });
});

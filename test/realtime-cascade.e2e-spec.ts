import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { OpenStreams, ShuttingDownError } from '@app/inference';
import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, audio, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { eventually } from './support/eventually.js';
import { billOf, ledgerOf } from './support/ledger.js';
import { LiveGround } from './support/live-ground.js';

const MODEL = 'anthropic/claude-sonnet-5';
const WRITES_DOWN = 'gpt-4o-mini-transcribe';
const SPEAKS = 'gpt-4o-mini-tts';
const PATH = `/v1/realtime?model=${MODEL}`;

const ground = new LiveGround();
afterEach(() => ground.gateway.simulator.chaos([]));

const open = (...begin: readonly object[]): Promise<LiveClient> => ground.openAt(PATH, ...begin);
const settings = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } });
const transcribed = settings({ audio: { input: { transcription: {} } } });
const spoken = (...pieces: Buffer[]): object => audio(silence(300), ...pieces, silence(800));
const speech = spoken(tone(800));

const textOf = ({ events }: LiveClient, type: string): string =>
  events.map(event => (event['type'] === type ? String(event['delta']) : '')).join('');
const soundOf = ({ events }: LiveClient): Buffer =>
  Buffer.concat(
    events
      .filter(({ type }) => type === 'response.output_audio.delta')
      .map(({ delta }) => Buffer.from(String(delta), 'base64')),
  );
const askedAt = (path: string): unknown[] =>
  ground.gateway.simulator
    .requests()
    .filter(request => request.path.endsWith(path))
    .map(({ body }) => body);
const models = (records: readonly UsageView[]): unknown[] =>
  records.map(({ modelUsed }) => modelUsed).toSorted();

describe('a text model', () => {
  it('is talked to in words, and paid as any call', async () => {
    const client = await open(inWords, said('one two three'), answer);
    const { response } = await client.untilType('response.done');
    expect(textOf(client, 'response.output_text.delta')).toBe('You said: one two three (3 words).');

    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      endpoint: '/v1/realtime',
      provider: 'anthropic',
      modelAsked: MODEL,
      outcome: 'completed',
      estimated: false,
      inputTokens: (response as { usage: { input_tokens: number } }).usage.input_tokens,
    });
    expect(record?.costNanoUsd).toBeGreaterThan(0);
    await client.close();
    await expect(ground.session()).resolves.toMatchObject({
      costNanoUsd: 0,
      outcome: 'completed',
      provider: 'anthropic',
    });
  });

  it('is heard and spoken to: each call that this takes is on record, as the vendors bill it', async () => {
    const client = await open(transcribed, speech, audio(silence(200))); // a microphone never stops
    const { transcript } = await client.untilType('conversation.item.input_audio_transcription.completed');
    await client.untilType('response.done');

    expect(transcript).toMatch(/^This is the transcript of speech\.wav/);
    expect(client.types).toEqual(
      expect.arrayContaining(['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped']),
    );
    expect(textOf(client, 'response.output_audio_transcript.delta')).toContain(
      `You said: ${String(transcript)}`,
    );
    expect(client.types.filter(type => type === 'input_audio_buffer.speech_started')).toHaveLength(1);
    expect(peakOf(soundOf(client))).toBeGreaterThan(5000);

    const sentences = askedAt('/audio/speech').length;
    const records = await ground.answers(2 + sentences);
    expect(models(records)).toEqual(
      ['claude-sonnet-5', WRITES_DOWN, ...Array<string>(sentences).fill(SPEAKS)].toSorted(),
    );
    expect(records.every(({ endpoint }) => endpoint === '/v1/realtime')).toBe(true);
    expect(ledgerOf(records)).toEqual(billOf(ground.gateway));
  });

  it('is heard by the model that its caller names, where the caller says when it speaks', async () => {
    const client = await open(
      settings({ audio: { input: { turn_detection: null, transcription: { model: 'gpt-4o-transcribe' } } } }),
      settings({ output_modalities: ['text'] }),
      audio(tone(600)),
      { type: 'input_audio_buffer.commit' },
      answer,
    );
    await client.untilType('response.done');
    expect(textOf(client, 'response.output_text.delta')).toContain('transcript of speech.wav');
    expect(models(await ground.answers(2))).toEqual(['claude-sonnet-5', 'gpt-4o-transcribe']);
  });

  it('says the first word where it is asked to', async () => {
    const client = await open(
      settings({ output_modalities: ['text'], instructions: 'Greet the caller.' }),
      answer,
    );
    await client.untilType('response.done');
    expect(textOf(client, 'response.output_text.delta')).toBe('You said: Greet the caller. (3 words).');
  });

  it('has its tools called, and goes on with what they give', async () => {
    const tool = {
      type: 'function',
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    };
    const client = await open(
      settings({ output_modalities: ['text'], tools: [tool] }),
      said('What is the weather?'),
      answer,
    );
    const done = await client.untilType('response.done');
    const [call] = (done['response'] as { output: { name: string; call_id: string }[] }).output;
    expect(call).toMatchObject({
      type: 'function_call',
      name: 'get_weather',
      arguments: '{"city":"What"}',
    });

    const item = { type: 'function_call_output', call_id: call?.call_id, output: 'It rains.' };
    client.send({ type: 'conversation.item.create', item }, answer);
    await client.untilType('response.done', 2);
    expect(textOf(client, 'response.output_text.delta')).toContain('It rains.');
  });

  it('speaks sentence by sentence: while one is heard the next is made, and no more', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([{ model: SPEAKS, fault: 'stall=9000' }]);
    const client = await open(
      said('[[sim:say One is here. Two is here. Three is here. Four is here.]]'),
      answer,
    );
    await client.untilType('response.output_audio.delta');
    await eventually(() => {
      expect(askedAt('/audio/speech')).toMatchObject([{ input: 'One is here.' }, { input: 'Two is here.' }]);
      expect(simulator.active()).toBe(2); // the text is all there
    });
    expect(textOf(client, 'response.output_audio_transcript.delta')).toBe('One is here. ');

    client.send({ type: 'response.cancel' });
    await simulator.untilAborted(2);
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'cancelled' },
    });
    expect(askedAt('/audio/speech')).toHaveLength(2);
  });
});

describe('whoever speaks up', () => {
  it('breaks off the answer, of which so much was said as was heard', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([{ model: SPEAKS, fault: 'stall=9000' }]);
    const client = await open(said('[[sim:say One is here. Two is here. Three is here.]]'), answer);
    await client.untilType('response.output_audio.delta');
    await eventually(() => expect(simulator.active()).toBe(2));
    client.send(audio(silence(300), tone(600)));
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'cancelled', status_details: { reason: 'turn_detected' } },
    });
    await simulator.untilAborted(2);
    simulator.chaos([]);
    client.send(audio(silence(800)));
    await client.untilType('response.done', 2);

    const [, second] = askedAt('/v1/messages') as { messages: { role: string; content: unknown }[] }[];
    expect(second?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(second?.messages[1])).toContain('One is here.');
    expect(JSON.stringify(second?.messages[1])).not.toContain('Two');
    const records = await ground.answers(askedAt('/audio/speech').length + 3);
    expect(records.filter(({ outcome }) => outcome === 'aborted').map(({ modelUsed }) => modelUsed)).toEqual([
      SPEAKS,
      SPEAKS,
    ]);
  });

  it('leaves nothing running when it is gone', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([{ fault: 'stall=60000' }]);
    const client = await open(said('[[sim:count 3000]]'), answer);
    await client.untilType('response.output_audio.delta');
    await eventually(() => expect(simulator.active()).toBe(3));
    await client.close();
    await simulator.untilAborted(3);
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'completed' });
    const records = await ground.answers(askedAt('/audio/speech').length + 1);
    expect(records.map(({ outcome }) => outcome)).toEqual(records.map(() => 'aborted'));
  });
});

describe('what cannot be done', () => {
  it('ends the session when it is money that is missing', async () => {
    await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/budgets`, {
      name: 'little',
      limitUsd: 0.000001,
      period: 'total',
      hard: true,
    });
    const client = await open(inWords, said('one two'), answer);
    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'budget_exceeded' } });
    expect(askedAt('/v1/messages')).toHaveLength(0);
  });

  it('is told when the key is for the text model alone, which can be written to', async () => {
    const at = `/admin/projects/${ground.projectId}/api-keys`;
    const { body } = await ground.gateway.admin<{ key: string }>('POST', at, {
      name: 'text only',
      allowedModels: [MODEL],
    });
    ground.apiKey = body.key;
    const client = await open(speech);
    await expect(client.untilType('error')).resolves.toMatchObject({ error: { code: 'outside_scope' } });
    client.send(inWords, said('one two'), answer);
    await client.untilType('response.done');
    expect(textOf(client, 'response.output_text.delta')).toBe('You said: one two (2 words).');
    expect(ground.gateway.simulator.calls()).not.toHaveProperty('openai');
    await expect(ground.openAt('/v1/realtime?model=anthropic/claude-opus-5')).rejects.toThrow(': 403');
  });

  it.each([
    ['the text', 'anthropic', 'claude-sonnet-5', [said('one two'), answer]],
    ['the speech', 'openai', SPEAKS, [said('one two'), answer]],
    ['the text for who spoke', 'anthropic', 'claude-sonnet-5', [speech]],
    ['the speech for who spoke', 'openai', SPEAKS, [speech]],
  ])('fails the answer when %s fails, and the session goes on', async (...[, vendor, model, asked]) => {
    ground.gateway.simulator.chaos([{ vendor, model, fault: 'status=400' }]);
    const client = await open(...asked);
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'failed' },
    });
    expect(client.types).toContain('response.created');
    ground.gateway.simulator.chaos([]);
    client.send(said('three'), answer);
    await expect(client.untilType('response.done', 2)).resolves.toMatchObject({
      response: { status: 'completed' },
    });
  });

  it('is told of a speech that cannot be written down, which is not answered', async () => {
    ground.gateway.simulator.chaos([{ model: WRITES_DOWN, fault: 'status=400' }]);
    const client = await open(speech);
    await client.untilType('error');
    ground.gateway.simulator.chaos([]);
    client.send(speech);
    await client.untilType('response.done');
    expect(askedAt('/v1/messages')).toHaveLength(1);
  });

  it('is told of a speech for which the disk has no room, and the session goes on', async () => {
    const folder = path.join(ground.gateway.dataDir, 'tmp');
    renameSync(folder, `${folder}-away`);
    const client = await open(speech);
    await client.untilType('error');
    renameSync(`${folder}-away`, folder);
    client.send(speech);
    await client.untilType('response.done');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is another model in the same session', async () => {
    const client = await open(settings({ model: 'anthropic/claude-opus-5' }));
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { code: 'session_model_fixed' },
    });
    client.send(settings({ model: MODEL }));
    await client.untilType('session.updated');
  });

  it('is to go on when the gateway stops, of which the caller is told', async () => {
    const client = await open();
    await client.untilType('session.created');
    ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());
    await expect(client.closed).resolves.toBe(1001);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'shutting_down' } });
  });

  it('is refused in HTTP for a model that nobody knows', async () => {
    await expect(ground.openAt('/v1/realtime?model=nobody-knows-it')).rejects.toThrow(': 404');
  });
});

import OpenAI from 'openai';
import { LIVE_MODEL } from '../apps/simulator/test/support/gemini-talk.js';
import type { Event, LiveClient } from '../apps/simulator/test/support/live-client.js';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { answer, audio } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import { eventually } from './support/eventually.js';
import { billOf, ledgerOf } from './support/ledger.js';
import { SecretGround } from './support/secret-ground.js';

const WHISPER = 'groq/whisper-large-v3';
const INTENT = '/v1/realtime?intent=transcription';
const KIND = 'conversation.item.input_audio_transcription';
const HEARD = /^This is the transcript of speech\.wav/;

const VENDORS = ['groq', 'deepgram', 'elevenlabs', 'mistral'];

const ground = new SecretGround(({ url }) =>
  Object.fromEntries(
    VENDORS.flatMap(vendor => {
      const variable = `AI_GATEWAY_PROVIDERS_${vendor.toUpperCase()}`;
      return [
        [`${variable}_BASE_URL`, `${url}/${vendor}/v1`],
        [`${variable}_API_KEY`, `key-of-the-gateway-for-${vendor}`],
      ];
    }),
  ),
);
let front: TlsFront;

beforeAll(async () => {
  front = await startTlsFront(Number(new URL(ground.gateway.url).port));
});
afterEach(() => ground.gateway.simulator.chaos([]));
afterAll(() => front.close());

const update = (transcription: object, input: object = {}) => ({
  type: 'session.update' as const,
  session: { type: 'transcription' as const, audio: { input: { ...input, transcription } } },
});
const by = (model: string, input?: object) => update({ model }, input);
const MANUAL = { turn_detection: null };
const COMMIT = { type: 'input_audio_buffer.commit' as const };
const speech = audio(silence(300), tone(800), silence(800));
const open = (...begin: readonly object[]): Promise<LiveClient> => ground.openAt(INTENT, ...begin);
const of = ({ events }: LiveClient, type: string): Event[] => events.filter(event => event['type'] === type);
const keyFor = async (...allowedModels: string[]): Promise<void> => {
  const at = `/admin/projects/${ground.projectId}/api-keys`;
  const settings = { name: 'some', allowedModels };
  ground.apiKey = (await ground.gateway.admin<{ key: string }>('POST', at, settings)).body.key;
};

describe("OpenAI's own client", () => {
  it('has speech written down by a model of any vendor, and is told of it as by OpenAI', async () => {
    const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
    const talk = await OpenAiTalk.open(openai, null, front);
    talk.client.send(by(WHISPER));
    const { session } = await talk.client.emitted('session.updated');
    expect(session).toMatchObject({
      type: 'transcription',
      audio: { input: { transcription: { model: WHISPER } } },
    });
    talk.client.send(speech);
    const { transcript, item_id, usage } = await talk.client.emitted(`${KIND}.completed`);

    expect(transcript).toMatch(HEARD);
    expect(talk.deltas(`${KIND}.delta`).join('')).toBe(transcript);
    expect(talk.events.map(({ type }) => type)).toEqual([
      'session.created',
      'session.updated',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      `${KIND}.delta`,
      `${KIND}.completed`,
    ]);
    const [started, stopped] = talk.events.slice(2) as { audio_start_ms?: number; audio_end_ms?: number }[];
    expect(usage).toEqual({
      type: 'duration',
      seconds: ((stopped?.audio_end_ms ?? NaN) - (started?.audio_start_ms ?? NaN)) / 1000,
    });
    const items = talk.events.flatMap(event => ('item_id' in event ? [event.item_id] : []));
    expect(new Set(items)).toEqual(new Set([item_id]));
    await talk.close();

    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      endpoint: '/v1/realtime',
      provider: 'groq',
      modelAsked: WHISPER,
      outcome: 'completed',
      estimated: false,
    });
    expect(record?.costNanoUsd).toBeGreaterThan(0);
    expect(ground.gateway.simulator.bill()['groq']?.['whisper-large-v3']?.calls).toBe(1);
    await expect(ground.session()).resolves.toMatchObject({ costNanoUsd: 0, provider: 'groq' });
  });

  it("is passed on to OpenAI, which has such sessions itself, for OpenAI's models", async () => {
    const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
    const talk = await OpenAiTalk.open(openai, null, front);
    talk.client.send(by('openai/gpt-4o-transcribe'));
    const { session } = await talk.client.emitted('session.updated');
    expect(session).toMatchObject({ audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } });
    talk.client.send(speech);
    const { transcript } = await talk.client.emitted(`${KIND}.completed`);
    expect(transcript).toMatch(/^I spoke for/);
    expect(talk.events.filter(({ type }) => type === 'session.created')).toHaveLength(1);
    await talk.close();

    const records = await ground.answers(1);
    expect(records).toMatchObject([{ provider: 'openai', modelUsed: 'gpt-4o-transcribe' }]);
    expect(ledgerOf(records)).toEqual(billOf(ground.gateway));
  });
});

describe('what is said', () => {
  it.each([
    'groq/whisper-large-v3-turbo',
    'deepgram/nova-3',
    'elevenlabs/scribe_v1',
    'mistral/voxtral-mini-latest',
    'google/gemini-2.5-flash',
  ])('is written down by %s, whether the address or the session names it', async model => {
    const named = await ground.openAt(`${INTENT}&model=${model}`, speech);
    expect(await named.untilType(`${KIND}.completed`)).toMatchObject({
      transcript: expect.stringMatching(/\w/) as string,
    });
    const said = await open(by(model), speech);
    await said.untilType(`${KIND}.completed`);

    const [provider] = model.split('/');
    const record = { provider, modelAsked: model, outcome: 'completed' };
    const records = await ground.answers(2);
    expect(records).toMatchObject([record, record]);
    expect(records[0]?.costNanoUsd).toBe(records[1]?.costNanoUsd);
  });

  it("is written down by the project's usual model where nobody names one", async () => {
    await ground.newProject({ defaultTranscriptionModel: WHISPER });
    const client = await open(speech);
    expect(await client.untilType('session.created')).toMatchObject({
      session: { audio: { input: { transcription: { model: WHISPER } } } },
    });
    await client.untilType(`${KIND}.completed`);
    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'groq' }]);
  });

  it('is written down by another model, in another language, from when the session says so', async () => {
    const client = await open(by(WHISPER, MANUAL), audio(tone(300)), COMMIT);
    await client.untilType(`${KIND}.completed`);
    const how = { model: 'openai/whisper-1', language: 'de', prompt: '[[sim:say Guten Tag.]]' };
    client.send(update(how), audio(tone(300)), COMMIT);

    expect(await client.untilType(`${KIND}.completed`, 2)).toMatchObject({ transcript: 'Guten Tag.' });
    const records = await ground.answers(2);
    expect(records.map(({ provider }) => provider)).toEqual(['groq', 'openai']);
    const asked = ground.gateway.simulator.requests().at(-1)?.body;
    expect(asked).toMatchObject({ language: 'de', model: 'whisper-1' });
  });

  it('is one item for each speech that its caller commits, however quickly they follow', async () => {
    const client = await open(by(WHISPER, MANUAL));
    const lengths = [300, 700, 500];
    lengths.forEach(ms => client.send(audio(tone(ms)), COMMIT));
    await client.untilType(`${KIND}.completed`, 3);

    const committed = of(client, 'input_audio_buffer.committed').map(({ item_id }) => item_id);
    expect(of(client, `${KIND}.completed`)).toMatchObject(
      lengths.map((ms, index) => ({
        item_id: committed[index],
        transcript: expect.stringContaining(`${(ms / 1000).toFixed(2)} seconds`) as string,
        usage: { seconds: ms / 1000 },
      })),
    );
    expect(client.types).not.toContain('input_audio_buffer.speech_started');
  });

  it('is not answered, nor anything else, and the session goes on', async () => {
    const client = await open(by(WHISPER), answer);
    expect(await client.untilType('error')).toMatchObject({ error: { code: 'unsupported_event' } });
    client.send({ type: 'session.update', session: { type: 'realtime' } });
    expect(await client.untilType('error', 2)).toMatchObject({ error: { param: 'session.type' } });
    client.send(speech);
    await client.untilType(`${KIND}.completed`);
    expect(client.types.some(type => String(type).startsWith('response.'))).toBe(false);
  });

  it('is told not to be written down when its vendor fails, and the next is', async () => {
    ground.gateway.simulator.chaos([{ vendor: 'groq', fault: 'status=400' }]);
    const client = await open(by(WHISPER), speech);
    const { item_id } = await client.untilType(`${KIND}.failed`);
    expect(item_id).toBe(of(client, 'input_audio_buffer.committed')[0]?.['item_id']);
    ground.gateway.simulator.chaos([]);
    client.send(speech);
    await client.untilType(`${KIND}.completed`);
    expect(client.types).not.toContain('error');
    const records = await ground.answers(2);
    expect(records.map(({ outcome }) => outcome)).toEqual(['failed', 'completed']);
  });

  it('is forgotten when its caller leaves in the middle, and on record', async () => {
    ground.gateway.simulator.chaos([{ vendor: 'groq', fault: 'delay=60000' }]);
    const client = await open(by(WHISPER), speech, speech);
    const { simulator } = ground.gateway;
    await eventually(() => expect(simulator.requests()).toHaveLength(1));
    await client.untilType('input_audio_buffer.committed', 2);
    await client.close();
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'completed' });
    const records = await ground.answers(1); // what waited was never asked
    expect(records).toMatchObject([{ provider: 'groq', outcome: 'aborted' }]);
    expect(simulator.requests()).toHaveLength(1);
  });

  it('ends the session when there is no money for it', async () => {
    await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/budgets`, {
      name: 'none',
      limitUsd: 0.000001,
      period: 'total',
      hard: true,
    });
    const client = await open(by(WHISPER), speech);
    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'budget_exceeded' } });
    expect(ground.gateway.simulator.bill()).toEqual({});
  });

  it('is told what of its session nobody can be told', async () => {
    const client = await open(by(WHISPER, { noise_reduction: { type: 'near_field' } }));
    expect(await client.untilType('x_llmhub.warnings')).toMatchObject({
      warnings: [{ field: 'session.audio.input.noise_reduction', action: 'dropped' }],
    });
  });
});

describe('a key for some models', () => {
  it("has speech written down by those, also where the vendor's own sessions are not open to it", async () => {
    await keyFor('openai/gpt-4o-mini-transcribe');
    const client = await open(by('openai/gpt-4o-mini-transcribe'), speech);
    expect(await client.untilType(`${KIND}.completed`)).toMatchObject({
      transcript: expect.stringMatching(HEARD) as string,
    });
    client.send(by('openai/whisper-1'), speech);
    expect(await client.untilType(`${KIND}.failed`)).toMatchObject({ error: { code: 'outside_scope' } });
    await expect(ground.openAt(`${INTENT}&model=${WHISPER}`)).rejects.toThrow(': 403');
  });

  it('is told in the session where that names another one first', async () => {
    await keyFor('openai/gpt-4o-mini-transcribe');
    const client = await open(by(WHISPER));
    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'outside_scope' } });
  });

  it('which is ephemeral has them written down by the one that it names, and no other', async () => {
    const session = by(WHISPER).session;
    const client = await ground.dial(await ground.secretOf(session));
    expect(await client.untilType('session.updated')).toMatchObject({
      session: { audio: { input: { transcription: { model: WHISPER } } } },
    });
    client.send(by('openai/whisper-1'));
    expect(await client.untilType('error')).toMatchObject({ error: { code: 'session_model_fixed' } });
    client.send(speech);
    await client.untilType(`${KIND}.completed`);
    await client.close();
    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'groq' }]);
  });
});

describe('a model that writes nothing down', () => {
  it.each([`google/${LIVE_MODEL}`, 'anthropic/claude-sonnet-5'])('is refused: %s', async model => {
    await expect(ground.openAt(`${INTENT}&model=${model}`)).rejects.toThrow(': 400');
    const client = await open(by(model));
    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ error: { code: 'no_transcription_model' } });
    await expect(ground.secretOf(by(model).session)).rejects.toMatchObject({
      code: 'no_transcription_model',
    });
  });

  it('is told in a session of a vendor that has its own, which goes on', async () => {
    const client = await ground.openAt(`${INTENT}&model=openai/gpt-4o-transcribe`, by(WHISPER));
    expect(await client.untilType('error')).toMatchObject({ error: { code: 'other_vendors_model' } });
    client.send(by('openai/gpt-4o-transcribe'));
    await client.untilType('session.updated');
  });

  it('is one that nobody knows, which is told in the session', async () => {
    const client = await open(by('nobody-knows-it'));
    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});

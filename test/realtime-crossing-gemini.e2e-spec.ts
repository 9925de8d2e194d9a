import { Modality, Type } from '@google/genai';
import { Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { MODEL } from '../apps/simulator/test/support/realtime-events.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const NAME = `openai/${MODEL}`;
const IN_WORDS = { responseModalities: [Modality.TEXT] };
const ALOUD = { responseModalities: [Modality.AUDIO] };
const WEATHER = {
  functionDeclarations: [
    {
      name: 'get_weather',
      parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
    },
  ],
};

const ground = new LiveGround();
let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});
afterEach(() => talk.session?.close());

const blob = (...pcm: Buffer[]) => ({
  audio: { data: Buffer.concat(pcm).toString('base64'), mimeType: 'audio/pcm;rate=16000' },
});
const asked = (text: string) => ({ turns: [{ role: 'user', parts: [{ text }] }] });

describe("Google's own live client, at a model of OpenAI's", () => {
  it('talks in words, which is paid for in the ledger', async () => {
    const session = await talk.open(ground.google(), IN_WORDS, NAME);
    session.sendClientContent(asked('one two'));
    const { usageMetadata: usage } = await talk.turns();

    expect(talk.text).toBe('You said: one two (2 words).');
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      endpoint: '/v1/realtime',
      provider: 'openai',
      modelAsked: NAME,
      modelUsed: MODEL,
      inputTokens: usage?.promptTokenCount,
      outputTokens: usage?.responseTokenCount,
      outcome: 'completed',
      estimated: false,
    });
    expect(ground.gateway.simulator.bill()['openai']?.[MODEL]?.calls).toBe(1);
  });

  it('is heard at another rate, written down and spoken to', async () => {
    const config = { ...ALOUD, inputAudioTranscription: {}, outputAudioTranscription: {} };
    const session = await talk.open(ground.google(), config, NAME);
    session.sendRealtimeInput(blob(tone(600, 16_000), silence(1200, 16_000)));
    await talk.turns();

    expect(peakOf(talk.spoken)).toBeGreaterThan(5000);
    const contents = talk.messages.map(({ serverContent }) => serverContent);
    const heard = contents.map(content => content?.inputTranscription?.text ?? '').join('');
    expect(heard).toMatch(/^I spoke for \d+ ms\.$/);
    const ms = Number(/\d+/.exec(heard)?.[0]);
    expect(Math.abs(ms - 800)).toBeLessThan(50); // with the silence that ends it
    expect(contents.map(content => content?.outputTranscription?.text ?? '').join('')).toContain('You said');
    const records = await ground.answers(2);
    expect(records.map(({ modelUsed }) => modelUsed).toSorted()).toEqual(
      ['gpt-4o-mini-transcribe', MODEL].toSorted(),
    );
    expect(records.find(({ modelUsed }) => modelUsed === MODEL)?.audioInputTokens).toBeGreaterThan(0);
  });

  it('has its tools called, and their results heard: to it that is one turn', async () => {
    const session = await talk.open(ground.google(), { ...IN_WORDS, tools: [WEATHER] }, NAME);
    session.sendClientContent(asked('[[sim:call get_weather]] What is the weather?'));
    const { toolCall } = await talk.until(message => message.toolCall);
    expect(toolCall?.functionCalls).toMatchObject([{ name: 'get_weather', args: { city: 'What' } }]);

    const [call] = toolCall?.functionCalls ?? [];
    session.sendToolResponse({
      functionResponses: [{ id: call?.id ?? '', name: 'get_weather', response: { output: 'foggy' } }],
    });
    const { usageMetadata: usage } = await talk.turns();

    expect(talk.text).toContain('foggy');
    const records = await ground.answers(2);
    const sum = (of: 'inputTokens' | 'outputTokens') => records.reduce((all, record) => all + record[of], 0);
    expect(usage).toMatchObject({
      promptTokenCount: sum('inputTokens'),
      responseTokenCount: sum('outputTokens'),
    });
  });

  it('breaks off when it says something else, and is answered that', async () => {
    const session = await talk.open(ground.google(), IN_WORDS, NAME);
    session.sendClientContent(asked('[[sim:delay 30]] tell me a long story '.repeat(20)));
    await talk.until(message => message.serverContent?.modelTurn);
    session.sendClientContent(asked('stop'));
    await talk.turns(2);

    expect(talk.messages.filter(message => message.serverContent?.interrupted)).toHaveLength(1);
    expect(talk.text.slice(-25)).toBe('You said: stop (1 words).');
  });

  it('breaks off when its caller speaks up', async () => {
    const session = await talk.open(ground.google(), ALOUD, NAME);
    session.sendClientContent(asked('[[sim:delay 30]] tell me a long story '.repeat(20)));
    await talk.until(message => message.serverContent?.modelTurn);
    session.sendRealtimeInput(blob(tone(600, 16_000)));
    await talk.until(message => message.serverContent?.interrupted);
    await talk.turns();
  });

  it('is told when it speaks by its caller', async () => {
    const realtimeInputConfig = { automaticActivityDetection: { disabled: true } };
    const session = await talk.open(ground.google(), { ...ALOUD, realtimeInputConfig }, NAME);
    session.sendRealtimeInput({ activityStart: {} });
    session.sendRealtimeInput(blob(tone(600, 16_000)));
    session.sendRealtimeInput({ activityEnd: {} });
    await talk.turns();

    const [record] = await ground.answers(1);
    expect(record?.audioInputTokens).toBeGreaterThan(0);
  });
});

describe('a session in the protocol of Google, at a model of OpenAI', () => {
  const open = (setup: object, ...more: readonly object[]): Promise<LiveClient> =>
    ground.openAt(PATH, { setup: { model: `models/${NAME}`, ...setup } }, ...more);

  it('tells what its vendor cannot be told', async () => {
    const client = await open({
      generationConfig: {
        responseModalities: ['TEXT'],
        temperature: 0.5,
        topK: 3,
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } },
      },
      sessionResumption: {},
    });
    const told = await client.until(message => 'xLlmhub' in message);
    expect(told['xLlmhub']).toMatchObject({
      warnings: [
        { field: 'setup.sessionResumption', action: 'dropped' },
        { field: 'setup.generationConfig.topK', action: 'dropped' },
        { field: 'setup.generationConfig.temperature', action: 'dropped' },
        { field: 'setup.generationConfig.speechConfig', action: 'approximated' },
      ],
    });
    await client.until(message => 'setupComplete' in message);
  });

  it.each<[string, object, object]>([
    ['two modalities', { generationConfig: { responseModalities: ['TEXT', 'AUDIO'] } }, {}],
    ['tools that are none', { tools: 7 }, {}],
    ['a second setup', {}, { setup: { model: `models/${NAME}` } }],
    ['a message that nobody knows', {}, { dance: {} }],
    ['sound of no known rate', {}, { realtimeInput: { audio: { mimeType: 'audio/pcm;rate=7', data: '' } } }],
    ['who speaks, where that is listened for', {}, { realtimeInput: { activityStart: {} } }],
  ])('ends with a close that says why, for %s', async (_, setup, message) => {
    const client = await open(setup, message);
    await expect(client.closed).resolves.toBe(1008);
  });

  it('takes names with underscores, too', async () => {
    const client = await open({ generation_config: { response_modalities: ['TEXT'] } });
    await client.until(message => 'setupComplete' in message);
    client.send({
      client_content: { turns: [{ role: 'user', parts: [{ text: 'hi' }] }], turn_complete: true },
    });
    await client.until(message => JSON.stringify(message).includes('"turnComplete":true'));
  });
});

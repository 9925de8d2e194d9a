import type { LiveConnectConfig } from '@google/genai';
import { GoogleGenAI, Modality, Type } from '@google/genai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';
import { LIVE_MODEL as MODEL, Talk } from './support/gemini-talk.js';
import { peakOf, silence, tone } from './support/sound.js';

const WEATHER = {
  functionDeclarations: [
    { name: 'get_weather', parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } } },
  ],
};
const IN_WORDS = { responseModalities: [Modality.TEXT] };

describe('Gemini Live', () => {
  let simulator: Simulator;
  let google: GoogleGenAI;
  const talks: Talk[] = [];

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    google = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: simulator.url } });
  });
  beforeEach(() => simulator.reset());
  afterEach(async () => {
    for (const talk of talks.splice(0)) {
      talk.session?.close();
      await talk.untilClosed();
    }
  });
  afterAll(() => simulator.close());

  async function begin(config: LiveConnectConfig = {}) {
    const talk = new Talk();
    const session = await talk.open(google, config);
    talks.push(talk);
    const say = (turns: string) => session.sendClientContent({ turns, turnComplete: true });
    const hear = (...pcm: Buffer[]) =>
      session.sendRealtimeInput({
        audio: { mimeType: 'audio/pcm;rate=16000', data: Buffer.concat(pcm).toString('base64') },
      });
    return { talk, session, say, hear };
  }

  it('answers in words, turn by turn', async () => {
    const { talk, session, say } = await begin(IN_WORDS);
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'kept' }] }], turnComplete: false });
    say('one two three');
    const { usageMetadata } = await talk.turns();

    expect(talk.text).toBe('You said: one two three (3 words).');
    expect(usageMetadata).toEqual({
      promptTokenCount: 5,
      responseTokenCount: 9,
      totalTokenCount: 14,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
      responseTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
    });
    say('and more');
    await talk.turns(2);
    expect(simulator.bill()['google']?.[MODEL]).toMatchObject({ calls: 2, output: 9 + 8 });
  });

  it('answers in speech of 24 kHz, whose length is that of the text', async () => {
    const { talk, say } = await begin({ outputAudioTranscription: {} });
    say('[[sim:say Hello there, you.]]');
    const { usageMetadata } = await talk.turns();
    const transcript = talk.messages
      .map(each => each.serverContent?.outputTranscription?.text ?? '')
      .join('');

    expect(transcript).toBe('Hello there, you.');
    expect(talk.spoken.length).toBe('Hello there, you.'.length * 0.06 * 24_000 * 2);
    expect(peakOf(talk.spoken)).toBeGreaterThan(5000);
    expect(usageMetadata?.responseTokensDetails).toContainEqual({ modality: 'AUDIO', tokenCount: 26 });
    expect(simulator.bill()['google']?.[MODEL]).toMatchObject({ audio_output: 26, output: 31 });
  });

  it('finds speech by its energy, at any rate, and answers it', async () => {
    const system = 'Be brief. [[sim:hear Good morning.]]';
    const { talk, hear } = await begin({
      ...IN_WORDS,
      inputAudioTranscription: {},
      systemInstruction: system,
    });
    hear(silence(500, 16_000), tone(1000, 16_000));
    hear(silence(600, 16_000));
    const { usageMetadata } = await talk.turns();

    const heard = talk.messages.map(each => each.serverContent?.inputTranscription?.text ?? '').join('');
    expect(heard).toBe('Good morning.');
    expect(talk.text).toBe('You said: Good morning. (2 words).');
    expect(usageMetadata?.promptTokensDetails).toContainEqual({ modality: 'AUDIO', tokenCount: 38 });
  });

  it('is interrupted by speech', async () => {
    const { talk, say, hear } = await begin();
    say('[[sim:count 1000]] [[sim:fault pace=5]]');
    await talk.until(each => each.serverContent?.modelTurn, 3);
    hear(tone(400, 16_000));
    await talk.turns();

    const kinds = talk.messages.flatMap(each => Object.keys(each.serverContent ?? {}));
    expect(kinds.slice(-2)).toEqual(['interrupted', 'turnComplete']);
    expect(kinds).not.toContain('generationComplete');
    hear(silence(700, 16_000));
    await talk.turns(2);
  });

  it('takes speech that is marked by hand', async () => {
    const { talk, session, hear } = await begin({
      ...IN_WORDS,
      realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
    });
    session.sendRealtimeInput({ activityStart: {} });
    hear(silence(800, 16_000));
    session.sendRealtimeInput({ activityEnd: {} });
    await talk.turns();
    expect(talk.text).toBe('You said: I spoke for 800 ms. (5 words).');
  });

  it('takes text in between', async () => {
    const { talk, session } = await begin(IN_WORDS);
    session.sendRealtimeInput({ text: 'typed' });
    await talk.turns();
    expect(talk.text).toBe('You said: typed (1 words).');
  });

  it('calls tools, waits for what they say, and bills one turn', async () => {
    const { talk, session, say } = await begin({ ...IN_WORDS, tools: [WEATHER] });
    say('What is the weather?');
    const { toolCall } = await talk.until(each => each.toolCall);
    const [call] = toolCall?.functionCalls ?? [];
    expect(call).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) as unknown } });

    session.sendToolResponse({
      functionResponses: { id: call?.id ?? '', name: 'get_weather', response: { output: 'Fog.' } },
    });
    await talk.turns();
    expect(talk.text).toBe('Tool get_weather said: Fog.');
    expect(simulator.bill()['google']?.[MODEL]?.calls).toBe(1);
  });

  it('takes tool calls back when somebody goes on without them, and bills them', async () => {
    const { talk, say } = await begin({ ...IN_WORDS, tools: [WEATHER] });
    say('What is the weather?');
    const { toolCall } = await talk.until(each => each.toolCall);
    say('[[sim:say Never mind.]]');
    const { toolCallCancellation } = await talk.until(each => each.toolCallCancellation);
    expect(toolCallCancellation?.ids).toEqual([toolCall?.functionCalls?.[0]?.id]);
    await talk.turns();
    expect(simulator.bill()['google']?.[MODEL]?.calls).toBe(2);
  });

  it('says that it will leave, and does', async () => {
    const { talk, say } = await begin(IN_WORDS);
    say('[[sim:go-away 50]]');
    expect((await talk.until(each => each.goAway)).goAway?.timeLeft).toBe('0.05s');
    await expect(talk.untilClosed()).resolves.toMatchObject({ code: 1001 });
  });

  it('is resumed by a handle', async () => {
    const { talk, say } = await begin({ ...IN_WORDS, sessionResumption: {} });
    say('remember this');
    const { sessionResumptionUpdate } = await talk.until(each => each.sessionResumptionUpdate);
    const handle = sessionResumptionUpdate?.newHandle ?? '';
    const later = await begin({ ...IN_WORDS, sessionResumption: { handle } });
    later.say('again');
    const { usageMetadata } = await later.talk.turns();
    expect(usageMetadata?.promptTokenCount).toBe(4 + 9 + 2);
    await expect(begin({ sessionResumption: { handle: 'made up' } })).rejects.toThrow(/1008|not found/);
  });

  it.each([
    ['a wrong key', 'bad-key', MODEL, 1007],
    ['an unknown model', 'key', 'no-such-model', 1008],
  ])('tells of %s in the close', async (_, apiKey, model, code) => {
    const talk = new Talk();
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: simulator.url } });
    await expect(talk.open(client, {}, model)).rejects.toThrow();
    await expect(talk.untilClosed()).resolves.toMatchObject({ code });
  });

  it.each([
    ['cut-frames=2', 1006],
    ['cut=150', 1006],
    ['close=1013', 1013],
    ['error-event=2', 1011],
    ['status=503', 1011],
  ])('fault %s', async (fault, code) => {
    const { talk, say } = await begin(IN_WORDS);
    say(`one two three four [[sim:fault ${fault}]]`);
    await expect(talk.untilClosed()).resolves.toMatchObject({ code });
    expect(simulator.aborted()).toEqual([]);
  });

  it('fault no-usage', async () => {
    const { talk, say } = await begin(IN_WORDS);
    say('one [[sim:fault no-usage]]');
    expect((await talk.turns()).usageMetadata).toBeUndefined();
    expect(simulator.bill()['google']?.[MODEL]?.output).toBeGreaterThan(0);
  });
});

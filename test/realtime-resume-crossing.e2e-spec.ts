import { Modality, Type } from '@google/genai';
import { LIVE_MODEL, Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { answer, audio, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';
import { RECALL, RECALL_TEXT, textsOf } from './support/recall.js';

const ground = new LiveGround();
const WEATHER = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } };
const once = (fault: string): string => `[[sim:fault ${fault},times=1]]`;
const asked = (text: string) => ({ turns: [{ role: 'user', parts: [{ text }] }] });
const resumed = (message: object) => JSON.stringify(message).includes('"resumed"');
const open = (...begin: readonly object[]) =>
  ground.openAt(`/v1/realtime?model=google/${LIVE_MODEL}`, ...begin);

describe("a client of OpenAI's, whose vendor Google is lost", () => {
  it('goes on by a handle between two answers', async () => {
    const client = await open(inWords, said('one two'), answer);
    await client.untilType('response.done');
    client.send(said('three'), answer);
    await client.untilType('response.done', 2);
    ground.gateway.simulator.dropSessions();
    expect(await client.untilType('x_llmhub.resumed')).toMatchObject({ from: 'google', by: 'handle' });
    client.send(RECALL, answer);
    await client.untilType('response.done', 3);

    expect(textsOf(client).at(-1)).toContain(
      'user: one two | assistant: You said: one two (2 words). | user: three',
    );
    await ground.answers(3);
  });

  it('hears an answer that had not begun, as if nothing had been', async () => {
    const client = await open(inWords, said(`one two ${once('close=1011')}`), answer);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'completed' } });

    expect(textsOf(client)).toEqual(['You said: one two (2 words).']);
    expect(client.types.filter(type => type === 'response.created')).toHaveLength(1);
    expect(client.types).toContain('x_llmhub.resumed');
  });

  it('is told that an answer broke off, and may ask again', async () => {
    const client = await open(inWords, said(`one two three ${once('close=1011,cut-frames=3')}`), answer);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'cancelled' } });
    await client.untilType('x_llmhub.resumed');
    const [begun] = textsOf(client);
    client.send(RECALL, answer);
    await client.untilType('response.done', 2);

    expect(textsOf(client).at(-1)).toBe(`user: one two three | assistant: ${begun}`);
  });

  it('answers a call that was made before', async () => {
    const client = await open(
      {
        type: 'session.update',
        session: { type: 'realtime', output_modalities: ['text'], tools: [WEATHER] },
      },
      said('[[sim:call get_weather]] What is the weather?'),
      answer,
    );
    const call = await client.untilType('response.function_call_arguments.done');
    await client.untilType('response.done');
    ground.gateway.simulator.dropSessions();
    await client.untilType('x_llmhub.resumed');
    const output = { type: 'function_call_output', call_id: call['call_id'], output: `foggy ${RECALL_TEXT}` };
    client.send({ type: 'conversation.item.create', item: output }, answer);
    await client.untilType('response.done', 2);

    expect(textsOf(client).at(-1)).toContain('I call get_weather');
  });
});

describe("Google's own client, whose vendor OpenAI is lost", () => {
  const IN_WORDS = { responseModalities: [Modality.TEXT] };
  const NAME = `openai/${MODEL}`;
  let talk: Talk;

  beforeEach(() => {
    talk = new Talk();
  });
  afterEach(() => talk.session?.close());

  it('goes on by a replay between two answers', async () => {
    const session = await talk.open(ground.google(), IN_WORDS, NAME);
    session.sendClientContent(asked('one two'));
    await talk.turns();
    ground.gateway.simulator.dropSessions();
    await talk.until(resumed);
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(2);

    expect(talk.text).toContain('user: one two | assistant: You said: one two (2 words).');
    await ground.answers(2);
  });

  it('hears an answer that had not begun, as if nothing had been', async () => {
    const session = await talk.open(ground.google(), IN_WORDS, NAME);
    session.sendClientContent(asked(`one two ${once('close=1011,cut-frames=1')}`));
    await talk.turns();

    expect(talk.text).toBe('You said: one two (2 words).');
    expect(talk.messages.filter(({ serverContent }) => serverContent?.turnComplete)).toHaveLength(1);
  });

  it('is told that an answer broke off', async () => {
    const session = await talk.open(ground.google(), IN_WORDS, NAME);
    session.sendClientContent(asked(`one two three ${once('close=1011,cut-frames=7')}`));
    await talk.turns();

    expect(talk.messages.filter(({ serverContent }) => serverContent?.interrupted)).toHaveLength(1);
    const begun = talk.text;
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(2);
    expect(talk.text.slice(begun.length)).toBe(`user: one two three | assistant: ${begun}`);
  });

  it('answers a call that was made before', async () => {
    const tools = [
      {
        functionDeclarations: [
          {
            name: 'get_weather',
            parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } },
          },
        ],
      },
    ];
    const session = await talk.open(ground.google(), { ...IN_WORDS, tools }, NAME);
    session.sendClientContent(asked('[[sim:call get_weather]] What is the weather?'));
    const { toolCall } = await talk.until(message => message.toolCall);
    ground.gateway.simulator.dropSessions();
    await talk.until(resumed);
    const id = toolCall?.functionCalls?.[0]?.id ?? '';
    session.sendToolResponse({
      functionResponses: [{ id, name: 'get_weather', response: { output: 'foggy' } }],
    });
    await talk.turns();

    expect(talk.text).toContain('foggy');
  });
});

it('is heard again while it speaks to Google', async () => {
  const client = await open(inWords);
  client.send(audio(tone(600)));
  await client.untilType('session.updated');
  ground.gateway.simulator.dropSessions();
  client.send(audio(tone(200), silence(1200)));
  await client.untilType('response.done');

  expect(Number(/I spoke for (\d+) ms/.exec(textsOf(client).at(-1) ?? '')?.[1])).toBeGreaterThan(800);
});

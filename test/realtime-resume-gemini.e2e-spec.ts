import { Modality, Type } from '@google/genai';
import { LIVE_MODEL, Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';
import { RECALL_TEXT } from './support/recall.js';

const IN_WORDS = { responseModalities: [Modality.TEXT] };
const WEATHER = {
  functionDeclarations: [{ name: 'get_weather', parameters: { type: Type.OBJECT, properties: {} } }],
};
const once = (fault: string): string => `[[sim:fault ${fault},times=1]]`;
/** The vendor says that it leaves in an hour. */
const LATER = '[[sim:go-away 3600000]]';
const asked = (text: string) => ({ turns: [{ role: 'user', parts: [{ text }] }] });

const ground = new LiveGround();
let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});
afterEach(() => {
  talk.session?.close();
  ground.gateway.simulator.chaos([]);
});

const KNOWN =
  'user: my name is Alice | assistant: You said: my name is Alice (4 words). | user: and I am tall | assistant: You said: and I am tall (4 words).';

interface Told {
  readonly xLlmhub?: { readonly resumed?: { readonly by: string; readonly lost: string[] } };
}
const resumed = (message: object) => (message as Told).xLlmhub?.resumed;
const untilResumed = async (time = 1) => resumed(await talk.until(resumed, time));

/** Setups that the vendor was told. */
function setups(): { readonly sessionResumption?: { readonly handle?: string } }[] {
  return ground.gateway.simulator
    .requests()
    .map(({ body }) => (JSON.parse((body as string[])[0] ?? '{}') as { setup: object }).setup);
}

describe("Google's own live client, whose vendor is lost", () => {
  it('goes on by a handle that it knows nothing of', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked('my name is Alice'));
    await talk.turns();
    await withHandle();
    ground.gateway.simulator.dropSessions();
    expect(await untilResumed()).toMatchObject({ from: 'google', to: 'google', by: 'handle', lost: [] });
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(3);

    expect(talk.text).toContain(KNOWN);
    expect(setups().map(({ sessionResumption }) => Boolean(sessionResumption?.handle))).toEqual([
      false,
      true,
    ]);
    expect(talk.messages.filter(({ setupComplete }) => setupComplete)).toHaveLength(1);
    expect(talk.messages.some(({ sessionResumptionUpdate }) => sessionResumptionUpdate)).toBe(false);
    await ground.answers(3);
  });

  it('goes on by a replay when the vendor does not know the handle any more', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked('my name is Alice'));
    await talk.turns();
    await withHandle();
    ground.gateway.simulator.reset();
    ground.gateway.simulator.dropSessions();
    expect(await untilResumed()).toMatchObject({ by: 'replay', lost: [] });
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(3);

    expect(talk.text).toContain(KNOWN);
  });

  it('hears an answer that had not begun', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked(`one two ${once('close=1011')}`));
    await talk.turns();

    expect(talk.text).toBe('You said: one two (2 words).');
    expect(talk.messages.filter(({ serverContent }) => serverContent?.turnComplete)).toHaveLength(1);
    expect(talk.messages.some(({ serverContent }) => serverContent?.interrupted)).toBe(false);
  });

  it('is told that an answer broke off, which is remembered', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked(`one two three ${once('close=1011,cut-frames=3')}`));
    await talk.turns();
    expect(talk.messages.filter(({ serverContent }) => serverContent?.interrupted)).toHaveLength(1);
    await untilResumed();
    const begun = talk.text;
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(2);

    expect(begun.length).toBeGreaterThan(3);
    expect(talk.text.slice(begun.length)).toBe(`user: one two three | assistant: ${begun}`);
    const [cut, whole] = await ground.answers(2);
    expect(cut).toMatchObject({ outcome: 'cut', estimated: true });
    expect(whole).toMatchObject({ outcome: 'completed', estimated: false });
  });

  it('knows nothing of a vendor that says goodbye', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked('one two [[sim:go-away 50]]'));
    await talk.turns();
    expect(await untilResumed()).toMatchObject({ lost: [] });

    expect(talk.messages.some(({ goAway }) => goAway)).toBe(false);
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(2);
    expect(talk.text).toContain('user: one two');
  });

  it('does not wait until a vendor is gone that says goodbye', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked(`my name is Alice ${LATER}`));
    await talk.turns();
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(2);

    expect(await untilResumed()).toMatchObject({ from: 'google', to: 'google', lost: [] });
    expect(talk.text).toContain('user: my name is Alice');
    expect(talk.messages.some(({ serverContent }) => serverContent?.interrupted)).toBe(false);
    expect(setups()).toHaveLength(2);
    const records = await ground.answers(2);
    expect(records).toMatchObject(
      records.map(() => ({ outcome: 'completed', estimated: false, errorCode: null })),
    );
  });

  it('waits for the end of an answer, and for a handle where nobody wrote down what was said', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    const pcm = Buffer.concat([tone(600, 16_000), silence(1200, 16_000)]);
    session.sendRealtimeInput({
      audio: { data: pcm.toString('base64'), mimeType: 'audio/pcm;rate=16000' },
    });
    await talk.turns();
    session.sendClientContent(asked(`a long story ${LATER} [[sim:fault pace=20,times=1]]`));
    expect(await untilResumed()).toMatchObject({ by: 'handle', lost: [] });

    const over = talk.messages.findIndex(({ serverContent }) => serverContent?.turnComplete);
    const again = talk.messages.findLastIndex(({ serverContent }) => serverContent?.turnComplete);
    expect(again).toBeGreaterThan(over);
    expect(talk.messages.findIndex(resumed)).toBeGreaterThan(again);
    expect(talk.messages.some(({ serverContent }) => serverContent?.interrupted)).toBe(false);
  });

  it('hears the goodbye itself, and stays, where it takes its session up again itself', async () => {
    const session = await talk.open(ground.google(), { ...IN_WORDS, sessionResumption: {} });
    session.sendClientContent(asked(`one two ${LATER}`));
    await talk.turns();
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns(2);

    expect(talk.messages.some(({ goAway }) => goAway)).toBe(true);
    expect(talk.messages.some(resumed)).toBe(false);
    expect(setups()).toHaveLength(1);
  });

  it('has its calls answered all the same', async () => {
    const session = await talk.open(ground.google(), { ...IN_WORDS, tools: [WEATHER] });
    session.sendClientContent(asked('[[sim:call get_weather]] What is the weather?'));
    const { toolCall } = await talk.until(message => message.toolCall);
    ground.gateway.simulator.dropSessions();
    await untilResumed();
    const id = toolCall?.functionCalls?.[0]?.id ?? '';
    const response = { output: `foggy ${RECALL_TEXT}` };
    session.sendToolResponse({ functionResponses: [{ id, name: 'get_weather', response }] });
    await talk.turns();

    expect(talk.text).toContain('I call get_weather');
  });

  it('while it speaks is heard again', async () => {
    const config = { ...IN_WORDS, inputAudioTranscription: {} };
    const session = await talk.open(ground.google(), config);
    const say = (pcm: Buffer): void =>
      session.sendRealtimeInput({
        audio: { data: pcm.toString('base64'), mimeType: 'audio/pcm;rate=16000' },
      });
    session.sendClientContent(asked(`${'a long story '.repeat(30)} [[sim:fault pace=20,times=1]]`));
    await talk.until(message => message.serverContent?.modelTurn);
    say(tone(600, 16_000));
    await talk.turns(); // interrupted: it was heard
    const before = talk.text;
    ground.gateway.simulator.dropSessions();
    say(Buffer.concat([tone(200, 16_000), silence(1200, 16_000)]));
    await talk.turns(2);

    const said = talk.text.slice(before.length);
    expect(Number(/I spoke for (\d+) ms/.exec(said)?.[1])).toBeGreaterThan(800);
  });

  it('takes its session up again itself, with a handle of its own', async () => {
    const config = { ...IN_WORDS, sessionResumption: {} };
    const session = await talk.open(ground.google(), config);
    session.sendClientContent(asked('my name is Alice'));
    const { sessionResumptionUpdate: update } = await talk.until(message => message.sessionResumptionUpdate);
    session.close();
    await talk.untilClosed();
    const other = new Talk();
    const handle = update?.newHandle ?? '';
    const again = await other.open(
      ground.google(),
      { ...IN_WORDS, sessionResumption: { handle } },
      LIVE_MODEL,
    );
    again.sendClientContent(asked(RECALL_TEXT));
    await other.turns();
    again.close();

    expect(other.text).toContain('user: my name is Alice');
  });
});

/** The vendor's handle comes after the end of a turn, and before all that it says next. */
async function withHandle(): Promise<void> {
  talk.session?.sendClientContent(asked('and I am tall'));
  await talk.turns(2);
}

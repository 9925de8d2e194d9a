import { GoogleGenAI, Modality } from '@google/genai';
import { RealtimeService } from '@app/realtime';
import { Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { answer, audio, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { eventually } from './support/eventually.js';
import { FeedReader } from './support/feed.js';
import { LiveGround } from './support/live-ground.js';

const ground = new LiveGround();
/** An answer that is still spoken when its caller breaks in. */
const LONG = '[[sim:count 1000]] [[sim:fault pace=5]]';
const A_TIME = expect.any(Number);

/** By their names, without their labels. */
async function counters(): Promise<Record<string, number>> {
  const response = await fetch(`${ground.gateway.url}/metrics`, { headers: ground.gateway.adminHeaders });
  const lines = (await response.text()).split('\n').filter(line => line.startsWith('llmhub_voice_'));
  return Object.fromEntries(lines.map(line => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}

describe('of an answer is told', () => {
  it('how long its caller waited for a sound, whether that spoke or asked for it', async () => {
    const client = await ground.open(audio(tone(600), silence(800)));
    await client.untilType('response.done');
    client.send(said('one two'), answer);
    await client.untilType('response.done', 2);

    const records = await ground.answers(2);
    const told = { voice: { firstSoundMs: A_TIME, bargeInMs: null, relay: null }, firstTokenMs: A_TIME };
    expect(records).toMatchObject([told, told]);
    for (const { voice, firstTokenMs, latencyMs } of records) {
      expect(voice?.firstSoundMs).toBeGreaterThanOrEqual(firstTokenMs ?? Infinity); // words come first
      expect(voice?.firstSoundMs).toBeLessThanOrEqual(latencyMs + 1);
    }
  });

  it('nothing when it was written', async () => {
    const client = await ground.open(inWords, said('one two'), answer);
    await client.untilType('response.done');

    await expect(ground.answers(1)).resolves.toMatchObject([{ voice: null, firstTokenMs: A_TIME }]);
  });

  it.each([
    ['its vendor hears that', audio(tone(400))],
    ['its caller says so', { type: 'response.cancel' }],
  ])('how long it was heard when its caller breaks in, and %s', async (_, breakIn) => {
    const client = await ground.open(said(LONG), answer);
    await client.untilType('response.output_audio.delta', 3);
    client.send(breakIn);
    await client.untilType('response.done');

    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      outcome: 'aborted',
      voice: { firstSoundMs: A_TIME, bargeInMs: A_TIME, relay: null },
    });
  });

  it('no such thing when the session ends in the middle of it', async () => {
    const client = await ground.open(said(LONG), answer);
    await client.untilType('response.output_audio.delta', 3);
    await client.close();

    const [record] = await ground.answers(1);
    expect(record?.voice).toMatchObject({ firstSoundMs: A_TIME, bargeInMs: null });
  });
});

/** Those of the project's records that tell something, once all are there. */
async function told(): Promise<object[]> {
  await ground.gateway.app.get(RealtimeService).idle();
  const records = await ground.answers(ground.gateway.simulator.requests().length);
  return records.flatMap(({ modelUsed, outcome, voice }) => (voice ? [{ modelUsed, outcome, voice }] : []));
}

describe('of an answer of a text model is told', () => {
  const PATH = '/v1/realtime?model=anthropic/claude-sonnet-5';
  const SPEAKS = 'gpt-4o-mini-tts';

  it.each([
    ['spoke', [audio(silence(300), tone(800), silence(800))]],
    ['asked for it', [said('one two'), answer]],
  ])('how long its caller waited for a sound, whether that %s, once', async (_, begin) => {
    const client = await ground.openAt(PATH, ...begin);
    await client.untilType('response.done');
    const { length } = client.events;
    await client.close();

    await expect(told()).resolves.toEqual([
      {
        modelUsed: SPEAKS,
        outcome: 'completed',
        voice: { firstSoundMs: A_TIME, bargeInMs: null, relay: null },
      },
    ]);
    const relay = { frames: length + begin.length, meanUs: A_TIME, p99Us: A_TIME, pausedMs: 0 };
    await expect(ground.session()).resolves.toMatchObject({
      voice: { firstSoundMs: null, bargeInMs: null, relay },
    });
  });

  it.each([
    ['the gateway hears that', audio(silence(300), tone(600))],
    ['its caller says so', { type: 'response.cancel' }],
  ])('how long it was heard when its caller breaks in, and %s', async (_, breakIn) => {
    const { simulator } = ground.gateway;
    simulator.chaos([{ model: SPEAKS, fault: 'stall=9000' }]);
    const before = await counters();
    const client = await ground.openAt(PATH, said('[[sim:say One is here. Two is here.]]'), answer);
    await client.untilType('response.output_audio.delta');
    await eventually(() => expect(simulator.active()).toBe(2));
    client.send(breakIn);
    await client.untilType('response.done');
    await client.close();
    simulator.chaos([]);

    await expect(told()).resolves.toEqual([
      {
        modelUsed: SPEAKS,
        outcome: 'aborted',
        voice: { firstSoundMs: A_TIME, bargeInMs: A_TIME, relay: null },
      },
    ]);
    await ground.session();
    const after = await counters();
    const names = ['answers_total', 'barge_ins_total'].map(name => `llmhub_voice_${name}`);
    expect(names.map(name => (after[name] ?? NaN) - (before[name] ?? NaN))).toEqual([1, 1]);
  });
});

describe("of an answer in Gemini's protocol is told", () => {
  const RATE = 16_000;
  let talk: Talk;
  afterEach(() => talk.session?.close());

  const open = async () => {
    talk = new Talk();
    const google = new GoogleGenAI({
      apiKey: ground.apiKey,
      httpOptions: { baseUrl: ground.gateway.url },
    });
    return talk.open(google, { responseModalities: [Modality.AUDIO] });
  };
  const heard = (pcm: Buffer) => ({
    audio: { data: pcm.toString('base64'), mimeType: `audio/pcm;rate=${RATE}` },
  });

  it('how long its caller waited, where that asked for it', async () => {
    const session = await open();
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'one two' }] }] });
    await talk.turns();

    await expect(ground.answers(1)).resolves.toMatchObject([
      { voice: { firstSoundMs: A_TIME, bargeInMs: null }, firstTokenMs: A_TIME },
    ]);
  });

  it('nothing of that where nobody said when the caller had spoken', async () => {
    const session = await open();
    session.sendRealtimeInput(heard(Buffer.concat([tone(600, RATE), silence(1200, RATE)])));
    await talk.turns();

    await expect(ground.answers(1)).resolves.toMatchObject([
      { voice: { firstSoundMs: null, bargeInMs: null }, firstTokenMs: null },
    ]);
  });

  it('that nothing of it was heard any more behind an interruption', async () => {
    const session = await open();
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: LONG }] }] });
    await talk.until(each => each.serverContent?.modelTurn, 3);
    session.sendRealtimeInput(heard(tone(400, RATE)));
    await talk.turns();

    await expect(ground.answers(1)).resolves.toMatchObject([
      { outcome: 'aborted', voice: { firstSoundMs: A_TIME, bargeInMs: 0 } },
    ]);
  });
});

describe('of a session is told', () => {
  it('how many frames the gateway held, and for how long', async () => {
    const client = await ground.open(inWords, said('one two three'), answer);
    await client.untilType('response.done');
    const { length } = client.events;
    await client.close();

    await ground.answers(1);
    const relay = { frames: length + 3, meanUs: A_TIME, p99Us: A_TIME, pausedMs: A_TIME };
    const session = await ground.session();
    expect(session).toMatchObject({ voice: { firstSoundMs: null, bargeInMs: null, relay } });
    expect(session?.voice?.relay?.p99Us).toBeGreaterThan(0);
  });

  it('what all of them add up to, to Prometheus', async () => {
    await ground.gateway.app.get(RealtimeService).idle();
    const before = await counters();
    const client = await ground.open(said(LONG), answer);
    await client.untilType('response.output_audio.delta', 3);
    client.send({ type: 'response.cancel' });
    await client.untilType('response.done');
    const { length } = client.events;
    await client.close();
    await ground.session();
    const after = await counters();

    const grown = (name: string): number =>
      (after[`llmhub_voice_${name}`] ?? NaN) - (before[`llmhub_voice_${name}`] ?? NaN);
    expect(['answers_total', 'barge_ins_total', 'frames_total'].map(grown)).toEqual([1, 1, length + 3]);
    expect(grown('held_seconds_total')).toBeGreaterThan(0);
  });

  it('what those of a second come to, to who watches the feed', async () => {
    await ground.gateway.app.get(RealtimeService).idle();
    const feed = await FeedReader.open(ground.gateway);
    await feed.quiet();
    const client = await ground.open(said(LONG), answer);
    await client.untilType('response.output_audio.delta', 3);
    client.send({ type: 'response.cancel' });
    await client.untilType('response.done');
    const { length } = client.events;
    await client.close();
    await eventually(() => expect(feed.seconds.find(({ relay }) => relay !== null)).toBeDefined());
    feed.close();

    const [record] = await ground.answers(1);
    const told = feed.seconds.find(({ firstSoundMs }) => firstSoundMs !== null);
    const waitedMs = record?.voice?.firstSoundMs ?? NaN;
    expect(told?.firstSoundMs?.p95).toBeGreaterThanOrEqual(waitedMs * 0.975 - 1);
    expect(told?.firstSoundMs?.p95).toBeLessThanOrEqual(waitedMs * 1.025 + 1);
    expect(told?.bargeInMs).toEqual({ p50: A_TIME, p95: A_TIME, p99: A_TIME });
    const relays = feed.seconds.map(({ relay }) => relay).filter(relay => relay !== null);
    expect(relays).toEqual([{ frames: length + 3, meanUs: A_TIME, p99Us: A_TIME }]);
  });
});

import { Modality } from '@google/genai';
import OpenAI from 'openai';
import { Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import {
  countOf,
  failedAt,
  failingGround,
  GOOGLE,
  isWhole,
  makePolicy,
  OPENAI,
  resumesOf,
  TIMEOUTS,
} from './support/failing-over.js';
import { RECALL_TEXT, textsOf } from './support/recall.js';

const ground = failingGround();
const asked = (text: string) => ({ turns: [{ role: 'user', parts: [{ text }] }] });

describe('a policy of two protocols', () => {
  let front: TlsFront;
  beforeAll(async () => {
    front = await startTlsFront(Number(new URL(ground.gateway.url).port));
  });
  afterAll(() => front.close());

  const talks = [
    ['close=1011', {}],
    ['stall-frames=0', { timeouts: TIMEOUTS }],
  ] as const;

  it.each(talks)(
    "gives OpenAI's client at Google (%s) the answer of OpenAI, and back",
    async (fault, options) => {
      await makePolicy(ground, 'voice', [GOOGLE, OPENAI], options);
      const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
      const talk = await OpenAiTalk.open(openai, 'voice', front);
      talk.client.send(inWords);
      talk.client.send(said('my name is Alice'));
      talk.client.send(answer);
      await talk.done();
      talk.client.send(said(failedAt('google', fault)));
      talk.client.send(answer);
      expect((await talk.done()).response.status).toBe('completed');
      talk.client.send(
        said(`three ${RECALL_TEXT.replace(' go on', '')} [[sim:fault ${fault},vendor=openai]]`),
      );
      talk.client.send(answer);
      expect((await talk.done()).response.status).toBe('completed');
      await talk.close();

      const texts = talk.deltas('response.output_text.delta').join('');
      expect(texts).toMatch(/^You said: my name is Alice \(4 words\)\.You said: one two \(2 words\)\./);
      expect(texts).toContain(
        'user: my name is Alice | assistant: You said: my name is Alice (4 words). | user: one two',
      );
      const resumed = talk.events.filter(({ type }) => (type as string) === 'x_llmhub.resumed');
      expect(resumed).toMatchObject([
        { from: 'google', to: 'openai' },
        { from: 'openai', to: 'google' },
      ]);
      const silent = fault === 'stall-frames=0' ? ['google', 'openai'] : []; // they have read it
      const records = await ground.answers(3 + silent.length);
      const of = (outcome: string): (string | null)[] =>
        records.filter(record => record.outcome === outcome).map(({ provider }) => provider);
      expect([of('completed'), of('cut')]).toEqual([['google', 'openai', 'google'], silent]);
    },
  );

  it.each(['status=500', 'close=1011'])(
    "gives OpenAI's client at OpenAI (%s) the answer of Google, and back",
    async fault => {
      await makePolicy(ground, 'voice', [OPENAI, GOOGLE]);
      const client = await ground.openAt(
        '/v1/realtime?model=voice',
        inWords,
        said('my name is Alice'),
        answer,
      );
      await client.until(isWhole);
      client.send(said(failedAt('openai', fault)), answer);
      await client.until(isWhole, 2);
      client.send(said('three [[sim:recall]] [[sim:fault close=1011,vendor=google]]'), answer);
      await client.until(isWhole, 3);

      expect(textsOf(client).slice(0, 2)).toEqual([
        'You said: my name is Alice (4 words).',
        'You said: one two (2 words).',
      ]);
      expect(textsOf(client)[2]).toContain('user: one two | assistant: You said: one two (2 words).');
      expect(resumesOf(client)).toMatchObject([{ to: 'google' }, { to: 'openai' }]);
      expect(countOf(client, 'session.created')).toBe(1);
      expect(countOf(client, 'session.updated')).toBe(1);
      expect(countOf(client, 'response.done')).toBe(countOf(client, 'response.created'));
    },
  );

  it.each(['status=500', 'close=1011'])(
    "gives Google's client at OpenAI (%s) the answer of Google, and back",
    async fault => {
      await makePolicy(ground, 'voice', [OPENAI, GOOGLE]);
      const talk = new Talk();
      const session = await talk.open(ground.google(), { responseModalities: [Modality.TEXT] }, 'voice');
      session.sendClientContent(asked(failedAt('openai', fault)));
      await talk.turns();
      expect(talk.text).toBe('You said: one two (2 words).');
      session.sendClientContent(asked('three [[sim:recall]] [[sim:fault close=1011,vendor=google]]'));
      await talk.turns(2);
      session.close();

      expect(talk.text).toContain('user: one two | assistant: You said: one two (2 words).');
      expect(talk.messages.filter(({ setupComplete }) => setupComplete)).toHaveLength(1);
      expect(talk.messages.filter(message => JSON.stringify(message).includes('"resumed"'))).toHaveLength(2);
    },
  );

  it("gives Google's client at Google the answer of OpenAI", async () => {
    await makePolicy(ground, 'voice', [GOOGLE, OPENAI]);
    const talk = new Talk();
    const session = await talk.open(ground.google(), { responseModalities: [Modality.TEXT] }, 'voice');
    session.sendClientContent(asked('my name is Alice'));
    await talk.turns();
    session.sendClientContent(asked(`${RECALL_TEXT} [[sim:fault close=1011,vendor=google]]`));
    await talk.turns(2);
    session.close();

    expect(talk.text).toContain('user: my name is Alice | assistant: You said: my name is Alice (4 words).');
    expect(talk.messages.filter(({ setupComplete }) => setupComplete)).toHaveLength(1);
    await expect(ground.answers(2)).resolves.toMatchObject([{ provider: 'google' }, { provider: 'openai' }]);
  });
});

import OpenAI from 'openai';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import { answer, audio, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { OpenStreams, ShuttingDownError } from '../libs/inference/src/index.js';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';
import { RECALL, textsOf } from './support/recall.js';

const ground = new LiveGround();
afterEach(() => ground.gateway.simulator.chaos([]));

const WEATHER = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } };
const isWhole = (event: object): boolean =>
  JSON.stringify(event).includes('"status":"completed","status_details"');
const once = (fault: string): string => `[[sim:fault ${fault},times=1]]`;

/** Each answer that began has ended, and once. */
function assertClosed({ events }: LiveClient): void {
  const ids = (type: string): unknown[] =>
    events.filter(event => event['type'] === type).map(({ response }) => (response as { id: string }).id);
  expect(ids('response.done').toSorted()).toEqual(ids('response.created').toSorted());
}

const count = (client: LiveClient, type: string): number => client.types.filter(one => one === type).length;

describe('an answer whose vendor is lost before anything of it was heard', () => {
  it.each(['close=1011', 'cut-frames=1', 'close=1013,cut-frames=4'])(
    'by %s is asked for again, and heard',
    async fault => {
      const client = await ground.open(inWords, said(`one two ${once(fault)}`), answer);
      await client.until(isWhole);

      expect(textsOf(client)).toEqual(['You said: one two (2 words).']);
      expect(client.events.filter(({ type }) => type === 'x_llmhub.resumed')).toMatchObject([
        {
          from: 'openai',
          to: 'openai',
          by: 'replay',
          lost: [],
          reason: expect.stringContaining('closed the session'),
        },
      ]);
      assertClosed(client);
      expect(count(client, 'session.created')).toBe(1);
      expect(count(client, 'session.updated')).toBe(1);
      client.send(RECALL, answer);
      await client.until(isWhole, 2);
      expect(textsOf(client).at(-1)).toBe('user: one two | assistant: You said: one two (2 words).');
      await client.close();
      await expect(ground.session()).resolves.toMatchObject({ outcome: 'completed', attempts: 2 });
    },
  );
});

describe('an answer whose vendor is lost when some of it was heard', () => {
  it('ends there, is paid for as far as it came, and is remembered', async () => {
    const client = await ground.open(
      inWords,
      said(`one two three ${once('close=1011,cut-frames=7')}`),
      answer,
    );
    expect(await client.untilType('response.done')).toMatchObject({
      response: { status: 'incomplete', output: [{ status: 'incomplete' }] },
    });
    await client.untilType('x_llmhub.resumed');
    const [begun] = textsOf(client);
    client.send(RECALL, answer);
    await client.untilType('response.done', 2);

    expect(begun?.length).toBeGreaterThan(3);
    expect(textsOf(client).at(-1)).toBe(`user: one two three | assistant: ${begun}`);
    assertClosed(client);
    const [cut, whole] = await ground.answers(2);
    expect(cut).toMatchObject({ outcome: 'cut', estimated: true, provider: 'openai' });
    expect(cut?.outputTokens).toBeGreaterThan(0);
    expect(whole).toMatchObject({ outcome: 'completed', estimated: false });
  });

  it('leaves nothing set aside', async () => {
    const at = `/admin/projects/${ground.projectId}/budgets`;
    const made = { name: 'talk', limitUsd: 5, period: 'total', hard: true };
    const { body } = await ground.gateway.admin<{ id: string }>('POST', at, made);
    const client = await ground.open(inWords, said(`one two three ${once('cut-frames=7')}`), answer);
    await client.untilType('x_llmhub.resumed');
    client.send(said('four'), answer);
    await client.untilType('response.done', 2);
    await client.close();

    const records = await ground.answers(2);
    const [cut, whole] = records; // of an estimate, a hard budget pays all that was set aside
    const cost = (cut?.budgetCharges?.[0]?.nanoUsd ?? NaN) + (whole?.costNanoUsd ?? NaN);
    await eventually(async () => {
      const spending = await ground.gateway.admin<{ data: BudgetSpending[] }>(
        'GET',
        `${at}/${body.id}/spending`,
      );
      expect(spending.body.data[0]).toMatchObject({ spentUsd: cost / 1e9, reservedUsd: 0 });
    });
  });
});

describe('a session whose vendor is lost', () => {
  it('between two answers goes on, and knows the conversation, twice', async () => {
    const client = await ground.open(inWords, said('my name is Alice'), answer);
    await client.untilType('response.done');
    for (const time of [1, 2]) {
      ground.gateway.simulator.dropSessions();
      await client.untilType('x_llmhub.resumed', time);
    }
    client.send(RECALL, answer);
    await client.untilType('response.done', 2);

    expect(textsOf(client).at(-1)).toBe(
      'user: my name is Alice | assistant: You said: my name is Alice (4 words).',
    );
    expect(count(client, 'conversation.item.added')).toBe(4);
    await ground.answers(2);
  });

  it('that ends all sessions at some age does not end with it, and nobody failed', async () => {
    const client = await ground.open(inWords, said('my name is Bob [[sim:expire]]'), answer);
    expect(await client.untilType('x_llmhub.resumed')).toMatchObject({
      reason: expect.stringContaining('maximum duration'),
    });
    client.send(RECALL, answer);
    await client.untilType('response.done', 2);

    expect(textsOf(client).at(-1)).toContain('user: my name is Bob | assistant');
    expect(client.types).not.toContain('error');
  });

  it('ends when there is no money to go on', async () => {
    const made = { name: 'talk', limitUsd: 0.5, period: 'total', hard: true };
    await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/budgets`, made);
    const client = await ground.open(inWords, said(`one two three ${once('cut-frames=7')}`), answer);
    await expect(client.closed).resolves.toBe(1008);

    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'budget_exceeded' } });
    assertClosed(client);
  });

  it('keeps a call that nobody has answered yet', async () => {
    const client = await ground.open(
      {
        type: 'session.update',
        session: { type: 'realtime', output_modalities: ['text'], tools: [WEATHER] },
      },
      said('[[sim:call get_weather {"city":"London"}]] What is the weather?'),
      answer,
    );
    const call = await client.untilType('response.function_call_arguments.done');
    await client.untilType('response.done');
    ground.gateway.simulator.dropSessions();
    await client.untilType('x_llmhub.resumed');
    const output = { type: 'function_call_output', call_id: call['call_id'], output: 'foggy' };
    client.send({ type: 'conversation.item.create', item: output }, answer);
    await client.untilType('response.done', 2);

    expect(textsOf(client).at(-1)).toContain('foggy');
  });

  it('while its caller speaks hears that again', async () => {
    const client = await ground.open(inWords);
    await client.untilType('session.updated');
    client.send(audio(tone(600)));
    await client.untilType('input_audio_buffer.speech_started');
    ground.gateway.simulator.dropSessions();
    client.send(audio(tone(200), silence(800)));
    await client.untilType('response.done');

    const [text] = textsOf(client);
    const ms = Number(/(\d+) ms/.exec(text ?? '')?.[1]);
    expect(ms).toBeGreaterThan(800);
    assertClosed(client);
  });

  it('hears a speech again that it has not answered, which was no text', async () => {
    ground.gateway.simulator.chaos([]);
    const instructions = once('close=1011');
    const client = await ground.open({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], instructions },
    });
    await client.untilType('session.updated');
    client.send(audio(tone(600), silence(800)));
    await client.until(isWhole);

    expect(textsOf(client)[0]).toMatch(/I spoke for \d+ ms/);
    expect(count(client, 'input_audio_buffer.committed')).toBe(1);
    expect((await client.untilType('x_llmhub.resumed'))['lost']).toEqual([]);
  });

  it('ends with an error when there is no vendor left', async () => {
    const client = await ground.open(inWords);
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    ground.gateway.simulator.dropSessions();
    await expect(client.closed).resolves.toBe(1011);

    expect(client.events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_error', message: expect.stringContaining('Nobody could go on with it') },
    });
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut', attempts: 4 });
  });

  it('ends with an error when each vendor is lost again before it has answered', async () => {
    const client = await ground.open(inWords, said('one [[sim:fault close=1011]]'), answer);
    await expect(client.closed).resolves.toBe(1011);

    expect(count(client, 'x_llmhub.resumed')).toBe(3);
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut', attempts: 4 });
  });

  it('is left by its caller meanwhile', async () => {
    const client = await ground.open(inWords);
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=60000' }]);
    ground.gateway.simulator.dropSessions();
    await eventually(() => expect(ground.gateway.simulator.requests()).toHaveLength(2));
    await client.close();

    await expect(ground.session()).resolves.toMatchObject({ outcome: 'completed' });
    await eventually(() => expect(ground.gateway.app.get(OpenStreams).size).toBe(0));
  });

  it('is ended meanwhile when the gateway stops', async () => {
    const client = await ground.open(inWords);
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=60000' }]);
    ground.gateway.simulator.dropSessions();
    await eventually(() => expect(ground.gateway.simulator.requests()).toHaveLength(2));
    ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());

    await expect(client.closed).resolves.toBe(1001);
    await eventually(() => expect(ground.gateway.app.get(OpenStreams).size).toBe(0));
  });

  it('is not opened again when the vendor closed it in order, or could not take what was said', async () => {
    for (const code of [1000, 1008]) {
      const client = await ground.open(inWords, said(`hi [[sim:fault close=${code}]]`), answer);
      await expect(client.closed).resolves.toBe(code);
      expect(client.types).not.toContain('x_llmhub.resumed');
    }
    expect(ground.gateway.simulator.requests()).toHaveLength(2);
  });
});

describe("OpenAI's own realtime client, whose vendor is lost", () => {
  let front: TlsFront;
  beforeAll(async () => {
    front = await startTlsFront(Number(new URL(ground.gateway.url).port));
  });
  afterAll(() => front.close());

  it('hears the rest of the conversation by the same connection', async () => {
    const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
    const talk = await OpenAiTalk.open(openai, `openai/${MODEL}`, front);
    talk.client.send(inWords);
    talk.client.send(said(`one two ${once('close=1011,cut-frames=1')}`));
    talk.client.send(answer);
    expect((await talk.done()).response.status).toBe('failed');
    expect((await talk.done()).response.status).toBe('completed');
    ground.gateway.simulator.dropSessions();
    talk.client.send(RECALL);
    talk.client.send(answer);
    await talk.done();
    await talk.close();

    expect(talk.deltas('response.output_text.delta').join('')).toBe(
      'You said: one two (2 words).user: one two | assistant: You said: one two (2 words).',
    );
  });
});

it('costs what its vendor billed, whatever became of its connections', async () => {
  const client = await ground.open(inWords, said('one two'), answer);
  await client.untilType('response.done');
  ground.gateway.simulator.dropSessions();
  await client.untilType('x_llmhub.resumed');
  client.send(said('three'), answer);
  await client.untilType('response.done', 2);

  const records = await ground.answers(2);
  const bill = ground.gateway.simulator.bill()['openai']?.[MODEL];
  const sum = (of: 'inputTokens' | 'outputTokens') => records.reduce((all, record) => all + record[of], 0);
  expect({ input: sum('inputTokens'), output: sum('outputTokens') }).toEqual({
    input: bill?.input,
    output: bill?.output,
  });
  expect(new Set(records.map(({ id }) => id)).size).toBe(2);
});

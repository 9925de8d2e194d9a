import { answer, audio, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { OpenStreams } from '../libs/inference/src/index.js';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';

const ground = new LiveGround({ AI_GATEWAY_REALTIME_SESSION_MS: '3000' });

async function budget(limitUsd: number): Promise<() => Promise<BudgetSpending | undefined>> {
  const at = `/admin/projects/${ground.projectId}/budgets`;
  const { body } = await ground.gateway.admin<{ id: string }>('POST', at, {
    name: 'talk',
    limitUsd,
    period: 'total',
    hard: true,
  });
  return async () =>
    (await ground.gateway.admin<{ data: BudgetSpending[] }>('GET', `${at}/${body.id}/spending`)).body.data[0];
}

const sumOf = (records: readonly { costNanoUsd: number | null }[]): number =>
  records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? NaN), 0) / 1e9;
const billed = () => ground.gateway.simulator.bill()['openai']?.['gpt-4o-transcribe'];

const session = (type: string, prompt: string) => ({
  type: 'session.update',
  session: {
    type,
    audio: { input: { turn_detection: null, transcription: { model: 'gpt-4o-transcribe', prompt } } },
  },
});

describe('a budget', () => {
  it('that an answer does not fit in keeps the session shut, in HTTP', async () => {
    await budget(0.0001);
    await expect(ground.open()).rejects.toThrow(': 402');
    expect(ground.gateway.simulator.requests()).toHaveLength(0);
  });

  it('ends the session after the answer that used it up, and has nothing set aside then', async () => {
    const spending = await budget(0.4);
    const client = await ground.open(inWords);
    const text = '[[sim:count 2000]]';
    client.send(said(text), answer);
    await expect(client.closed).resolves.toBe(1008);

    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'budget_exceeded' } });
    expect(client.types.filter(type => type === 'response.done').length).toBeGreaterThan(0);
    const [record] = await ground.answers(1);
    await eventually(async () =>
      expect(await spending()).toMatchObject({
        spentUsd: (record?.costNanoUsd ?? 0) / 1e9,
        reservedUsd: 0,
      }),
    );
  });

  it('pays for answers and for transcripts, as the ledger has them', async () => {
    const spending = await budget(5);
    const client = await ground.open({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } },
    });
    await client.untilType('session.updated');
    client.send(audio(tone(600), silence(800)));
    await client.untilType('response.done');
    await client.untilType('conversation.item.input_audio_transcription.completed');
    await client.close();

    const records = await ground.answers(2);
    expect(records.map(({ modelUsed }) => modelUsed).toSorted()).toEqual(['gpt-4o-transcribe', MODEL]);
    const cost = records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? NaN), 0);
    await eventually(async () =>
      expect(await spending()).toMatchObject({ spentUsd: cost / 1e9, reservedUsd: 0 }),
    );
  });
});

describe('speeches that are written down', () => {
  const speech = [audio(tone(200)), { type: 'input_audio_buffer.commit' }];
  /** At $10 for a million tokens: $0.0125. */
  const long = `[[sim:say ${'blah blah '.repeat(400)}]]`;

  it.each([
    [
      'in a session that does nothing else',
      'transcription',
      'intent=transcription&model=openai/gpt-4o-transcribe',
      0.1,
    ],
    ['beside answers', 'realtime', `model=${MODEL}`, 0.45],
  ])(
    'are all paid for by the budget that ends it, %s, which is not passed',
    async (_, type, query, limit) => {
      const spending = await budget(limit);
      const client = await ground.openAt(`/v1/realtime?${query}`, session(type, long));
      await client.untilType('session.updated');
      client.send(...Array.from({ length: 10 }, () => speech).flat());
      await expect(client.closed).resolves.toBe(1008);

      expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'budget_exceeded' } });
      await ground.session();
      const sold = billed()?.calls ?? 0;
      expect(sold).toBeGreaterThan(0);
      const records = await ground.answers(sold);
      await eventually(async () =>
        expect(await spending()).toMatchObject({ spentUsd: sumOf(records), reservedUsd: 0 }),
      );
      expect(sumOf(records)).toBeLessThan(limit);
      expect(records.reduce((sum, { outputTokens }) => sum + outputTokens, 0)).toBe(billed()?.output);
    },
  );

  it('are paid for, too, where each costs more than a budget has', async () => {
    const spending = await budget(0.1);
    const longer = `[[sim:say ${'blah blah '.repeat(5500)}]]`;
    const client = await ground.openAt(
      '/v1/realtime?intent=transcription&model=openai/gpt-4o-transcribe',
      session('transcription', longer),
    );
    await client.untilType('session.updated');
    client.send(...speech, ...speech, ...speech);
    await expect(client.closed).resolves.toBe(1008);
    await ground.session();
    const records = await ground.answers(billed()?.calls ?? 0);
    await eventually(async () =>
      expect(await spending()).toMatchObject({ spentUsd: sumOf(records), reservedUsd: 0 }),
    );
    expect(sumOf(records)).toBeGreaterThan(0.1);
  });

  it('have nothing set aside for them when they are none, or nobody can write them down', async () => {
    const spending = await budget(5);
    const client = await ground.openAt(
      '/v1/realtime?intent=transcription&model=openai/gpt-4o-transcribe',
      session('transcription', ''),
    );
    await client.untilType('session.updated');
    client.send({ type: 'input_audio_buffer.commit' });
    await client.untilType('error');
    client.send(...speech);
    await client.untilType('conversation.item.input_audio_transcription.completed');
    await client.close();

    const records = await ground.answers(1);
    await eventually(async () =>
      expect(await spending()).toMatchObject({ spentUsd: sumOf(records), reservedUsd: 0 }),
    );
  });
});

describe('a session', () => {
  it('counts as an open call of its project as long as it lasts', async () => {
    await ground.newProject({ concurrentCalls: 1 });
    const client = await ground.open();
    await client.untilType('session.created');
    await expect(ground.open()).rejects.toThrow(': 429');
    await client.close();
    await eventually(async () => (await ground.open()).close());
  });

  it('ends when it has lasted long enough, with an event', async () => {
    const client = await ground.open();
    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'session_expired' } });
  });

  it('ends then, too, while its lost vendor is being asked again', async () => {
    const client = await ground.open(inWords);
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=60000' }]);
    ground.gateway.simulator.dropSessions();
    await expect(client.closed).resolves.toBe(1008);

    expect(ground.gateway.simulator.requests()).toHaveLength(2);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'session_expired' } });
    await eventually(() => expect(ground.gateway.app.get(OpenStreams).size).toBe(0));
  });

  it('ends after an answer when the tokens of the minute are used up', async () => {
    await ground.newProject({ tokensPerMinute: 10 });
    const client = await ground.open(inWords, said('one two three four five six'), answer);
    await expect(client.closed).resolves.toBe(1008);
    expect(client.types).toContain('response.done');
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'rate_limit_exceeded' } });
    await expect(ground.open()).rejects.toThrow(': 429');
  });

  it('has speech written down by the models that its key may use', async () => {
    const at = `/admin/projects/${ground.projectId}/api-keys`;
    const { body } = await ground.gateway.admin<{ key: string }>('POST', at, {
      name: 'talk only',
      allowedModels: [`openai/${MODEL}`],
    });
    ground.apiKey = body.key;
    const client = await ground.open({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } },
    });
    expect(await client.untilType('error')).toMatchObject({ error: { code: 'outside_scope' } });
    await expect(ground.openAt('/v1/realtime?model=openai/gpt-realtime-mini')).rejects.toThrow(': 403');
  });
});

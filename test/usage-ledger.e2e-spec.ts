import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const MODELS = ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-5', 'google/gemini-2.5-flash'] as const;
const ROUNDS = 30;
const WEATHER = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const LONG = 'A long beginning that vendors keep. '.repeat(300);

type Field = 'inputTokens' | 'outputTokens' | 'reasoningTokens' | 'cacheReadTokens' | 'cacheWriteTokens';

let gateway: TestGateway;
let records: UsageView[];

/** One call of each kind in turn: whole, streamed, tools, reasoning, cached, refused, failed. */
function requestOf(model: string, round: number): object {
  const kind = round % 7;
  const said = `question ${round}${kind === 2 ? '' : ` [[sim:count ${round}]]`}`;
  const content = kind === 5 ? '[[sim:refuse]]' : kind === 6 ? '[[sim:fault status=500]]' : said;
  const cached = [
    {
      type: 'text',
      text: LONG,
      ...(model.startsWith('anthropic') && { cache_control: { type: 'ephemeral' } }),
    },
  ];
  return {
    model,
    messages: [...(kind === 4 ? [{ role: 'system', content: cached }] : []), { role: 'user', content }],
    ...(kind === 2 && { tools: [WEATHER] }),
    ...(kind === 3 && !model.startsWith('openai') && { reasoning_effort: 'low' }),
    ...(round % 2 && { stream: true }),
    ...(round % 4 === 1 && { stream_options: { include_usage: true } }),
  };
}

beforeAll(async () => {
  gateway = await startGateway();
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(MODELS.map(async model => (await gateway.chat(requestOf(model, round))).text()));
  }
  await gateway.app.get(UsageRecorder).flush();
  records = await walk('', 200);
}, 60_000);
afterAll(() => gateway?.stop());

async function walk(filter: string, limit: number): Promise<UsageView[]> {
  const found: UsageView[] = [];
  let after: string | null = null;
  do {
    const at: string = `/admin/usage?limit=${limit}${filter}${after ? `&after=${encodeURIComponent(after)}` : ''}`;
    const { status, body } = await gateway.admin<{ data: UsageView[]; next: string | null }>('GET', at);
    expect(status).toBe(200);
    found.push(...body.data);
    after = body.next;
  } while (after !== null);
  return found;
}

const sum = (some: readonly UsageView[], field: Field): number =>
  some.reduce((total, record) => total + record[field], 0);

describe('the ledger after a mixed load', () => {
  it('has one record per call', () => {
    expect(records).toHaveLength(ROUNDS * MODELS.length);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  });

  it.each(MODELS)('agrees with the bill of %s in every kind of token', model => {
    const [vendor = '', name = ''] = model.split('/');
    const own = records.filter(({ provider }) => provider === vendor);
    const sold = gateway.simulator.bill()[vendor]?.[name];

    expect({
      input: sum(own, 'inputTokens'),
      cached: sum(own, 'cacheReadTokens'),
      cache_written: sum(own, 'cacheWriteTokens'),
      output: sum(own, 'outputTokens'),
      reasoning: sum(own, 'reasoningTokens'),
      calls: own.filter(({ outcome }) => outcome === 'completed').length,
    }).toEqual({ ...sold, audio_seconds: undefined, characters: undefined });
    expect(sold?.cached).toBeGreaterThan(0);
  });

  it('knows what became of each call', () => {
    const failed = records.filter(({ outcome }) => outcome === 'failed');

    expect(failed).toHaveLength(MODELS.length * Math.ceil((ROUNDS - 6) / 7));
    expect(failed.every(({ status, costNanoUsd }) => status === 502 && !costNanoUsd)).toBe(true);
    expect(records.filter(({ finish }) => finish === 'tool-calls')).toHaveLength(
      MODELS.length * Math.ceil((ROUNDS - 2) / 7),
    );
    expect(records.filter(({ stream }) => stream)).toHaveLength((MODELS.length * ROUNDS) / 2);
    expect(records.filter(({ estimated }) => estimated)).toEqual([]);
  });

  it.each([1, 7, 200])('is walked without gap or repetition, %d at a time', async limit => {
    expect((await walk('', limit)).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
  });

  it('is filtered by what a record holds', async () => {
    const [some] = records.filter(({ provider }) => provider === 'anthropic');
    const expectOnly = async (filter: string, matches: (record: UsageView) => boolean): Promise<void> => {
      const found = await walk(filter, 7);
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(records.filter(matches));
    };

    await expectOnly('&provider=google', ({ provider }) => provider === 'google');
    await expectOnly('&outcome=failed', ({ outcome }) => outcome === 'failed');
    await expectOnly(
      '&provider=openai&outcome=failed',
      record => record.provider === 'openai' && record.outcome === 'failed',
    );
    await expectOnly(`&model=${MODELS[1]}`, ({ provider }) => provider === 'anthropic');
    await expectOnly(`&keyId=${some?.keyId}`, () => true);
    await expectOnly(`&from=${some?.receivedAt}`, ({ receivedAt }) => receivedAt >= (some?.receivedAt ?? ''));
    await expectOnly('&to=2999-01-01', () => true);
    expect(await walk('&projectId=nobody', 7)).toEqual([]);
    expect(await walk('&from=2999-01-01', 7)).toEqual([]);
  });

  it.each(['limit=0', 'limit=201', 'after=nonsense', 'outcome=well', 'from=yesterday', 'colour=red', 'to='])(
    'refuses the question %s, naming the field',
    async query => {
      const { status, body } = await gateway.admin<{ error: { param: string } }>(
        'GET',
        `/admin/usage?${query}`,
      );

      expect({ status, param: body.error.param }).toEqual({ status: 400, param: query.split('=')[0] });
    },
  );

  it('gives a call by its own id and by that of the vendor, and 404 for others', async () => {
    const one = records.find(({ upstreamId }) => upstreamId);
    const byVendor = await gateway.admin<UsageView>('GET', `/admin/usage/${one?.upstreamId}`);

    expect((await gateway.admin<UsageView>('GET', `/admin/usage/${one?.id}`)).body).toEqual({
      ...one,
      decision: null,
      corrections: [],
    });
    expect(byVendor.body.upstreamId).toBe(one?.upstreamId);
    expect((await gateway.admin('GET', '/admin/usage/nobody')).status).toBe(404);
  });
});

import { UsageRecorder } from '@app/analytics';
import type { LatencyView, UsageSummaryView } from '@app/analytics';
import type { Consumption, Savings, Spend } from '../libs/analytics/src/api/analytics.dto.js';
import type { AnomaliesView, ForecastView } from '../libs/analytics/src/api/forecast.dto.js';
import type { AdminLatencies, AdminUsageSummary } from '../libs/analytics/src/api/usage-summary.dto.js';
import type { UsagePage } from '../libs/analytics/src/api/usage.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';

type Sums = Record<'calls' | 'failedCalls' | 'inputTokens' | 'outputTokens' | 'costNanoUsd', number>;

let gateway: TestGateway;
let otherId: string;
let limitedKey: string;

async function keyOf(projectId: string, limits: object = {}): Promise<string> {
  const { status, body } = await gateway.admin<{ key: string }>(
    'POST',
    `/admin/projects/${projectId}/api-keys`,
    {
      name: 'more',
      ...limits,
    },
  );
  expect(status).toBe(201);
  return body.key;
}

const withKey = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });

async function ask(
  model: string,
  content: string,
  key = gateway.projectKey,
  more: object = {},
): Promise<void> {
  const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }], ...more }),
  });
  await answer.text();
}

beforeAll(async () => {
  gateway = await startGateway();
  const { body } = await gateway.admin<{ id: string }>('POST', '/admin/projects', { name: 'Other' });
  otherId = body.id;
  const otherKey = await keyOf(otherId);
  limitedKey = await keyOf(gateway.projectId, { allowedModels: ['openai/*'] });
  await ask('openai/gpt-4.1-mini', 'one');
  await ask('openai/gpt-4.1-mini', 'two', gateway.projectKey, { stream: true });
  await ask('anthropic/claude-sonnet-5', 'three');
  await ask('openai/gpt-4.1-mini', '[[sim:fault status=400]]');
  await ask('openai/gpt-4.1-mini', 'four', limitedKey);
  await ask('openai/gpt-4.1-mini', 'of another project', otherKey);
  await gateway.app.get(UsageRecorder).flush();
});
afterAll(() => gateway?.stop());

async function usage(query: string, key = gateway.projectKey): Promise<UsageSummaryView> {
  const response = await gateway.call(`/v1/usage${query}`, withKey(key));
  expect([response.status, response.headers.get('x-request-id')]).toEqual([200, expect.stringMatching(/-7/)]);
  return (await response.json()) as UsageSummaryView;
}

/** What the raw records add up to. */
async function ledgerOf(query: string): Promise<Sums> {
  const { body } = await gateway.admin<UsagePage>('GET', `/admin/usage?limit=200${query}`);
  const sum = (of: (record: UsagePage['data'][number]) => number) =>
    body.data.reduce((total, record) => total + of(record), 0);
  return {
    calls: body.data.length,
    failedCalls: sum(({ outcome }) => (outcome === 'failed' || outcome === 'cut' ? 1 : 0)),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costNanoUsd: sum(({ costNanoUsd }) => costNanoUsd ?? 0),
  };
}

function sumsOf(summary: { data: (Omit<Sums, 'costNanoUsd'> & { costNanoUsd: string })[] }): Sums {
  const sum = (name: keyof Sums) => summary.data.reduce((total, bucket) => total + Number(bucket[name]), 0);
  return {
    calls: sum('calls'),
    failedCalls: sum('failedCalls'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costNanoUsd: sum('costNanoUsd'),
  };
}

describe('GET /v1/usage', () => {
  it.each([
    '',
    '?interval=hour',
    '?interval=month&groupBy=model',
    '?interval=total&groupBy=key,provider,endpoint',
  ])('adds up to the ledger of the project, and tells nothing of others (%s)', async query => {
    const own = await ledgerOf(`&projectId=${gateway.projectId}`);
    expect(own).toMatchObject({ calls: 5, failedCalls: 1 });
    expect(own.costNanoUsd).toBeGreaterThan(0);

    expect(sumsOf(await usage(query))).toEqual(own);
  });

  it('tells apart what it was asked to, and the cost in dollars, too', async () => {
    const { data, from, to } = await usage('?groupBy=provider&groupBy=model&interval=total&from=2026-11-01');
    const [openai] = data.filter(({ provider }) => provider === 'openai');

    expect(data.map(({ provider }) => provider)).toEqual(['anthropic', 'openai']);
    expect(openai).toMatchObject({ start: from, model: expect.stringContaining('gpt-4.1-mini') as unknown });
    expect(openai).not.toHaveProperty('keyId');
    expect(openai?.costUsd).toBeCloseTo(Number(openai?.costNanoUsd) / 1e9, 12);
    expect(from).toBe('2026-11-01T00:00:00.000Z');
    expect(Date.parse(to) % 3_600_000).toBe(0);
    expect(Date.parse(to)).toBeGreaterThanOrEqual(Date.now() - 1000);
  });

  it('shows a key that is limited to some models its own calls only', async () => {
    const { data } = await usage('?groupBy=key', limitedKey);
    expect(data.map(({ calls }) => calls)).toEqual([1]);
  });

  it('is a 403 for a key that may call other endpoints only', async () => {
    const key = await keyOf(gateway.projectId, { allowedEndpoints: ['/v1/chat/*'] });
    expect((await gateway.call('/v1/usage', withKey(key))).status).toBe(403);
  });

  it('gives nothing of a time without calls', async () => {
    await expect(usage('?from=2020-01-01&to=2020-02-01')).resolves.toEqual({
      from: '2020-01-01T00:00:00.000Z',
      to: '2020-02-01T00:00:00.000Z',
      data: [],
    });
  });

  it.each([
    ['?interval=week', 'interval'],
    ['?groupBy=model,project', 'groupBy'],
    ['?groupBy=model,model', 'groupBy'],
    ['?groupBy=', 'groupBy'],
    ['?from=yesterday', 'from'],
    ['?from=2026-11-02&to=2026-11-01', 'to'],
    ['?projectId=other', 'projectId'],
  ])('refuses %s, and names the field', async (query, param) => {
    const response = await gateway.call(`/v1/usage${query}`);

    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { param: string } };
    expect(error.param).toMatch(param);
  });
});

describe('GET /admin/analytics/latency and GET /v1/usage/latency', () => {
  it('tell how long calls took, streams also until the first token, and projects of their own only', async () => {
    const all = await gateway.admin<AdminLatencies>(
      'GET',
      '/admin/analytics/latency?groupBy=project,provider&interval=total',
    );
    const calls = new Map(
      all.body.data.map(({ projectId, provider, latencyMs }) => [
        `${projectId} ${provider}`,
        latencyMs?.calls,
      ]),
    );
    expect(calls.get(`${gateway.projectId} anthropic`)).toBe(1);
    expect(calls.get(`${otherId} openai`)).toBe(1);

    const response = await gateway.call('/v1/usage/latency?interval=total', withKey(gateway.projectKey));
    const { data } = (await response.json()) as LatencyView;
    expect(data).toMatchObject([{ latencyMs: { calls: 5 }, firstTokenMs: { calls: 1 } }]);
    const { p50 = 0, p99 = 0 } = data[0]?.latencyMs ?? {};
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    const limited = await gateway.call('/v1/usage/latency?interval=total', withKey(limitedKey));
    expect(await limited.json()).toMatchObject({ data: [{ latencyMs: { calls: 1 }, firstTokenMs: null }] });
  });
});

describe('GET /admin/analytics/{spend,usage,savings}', () => {
  const ofAll = '?interval=total&groupBy=project,model';

  it('are views of the same sums', async () => {
    const { body: sums } = await gateway.admin<AdminUsageSummary>('GET', `/admin/usage/summary${ofAll}`);
    const { body: spend } = await gateway.admin<Spend>('GET', `/admin/analytics/spend${ofAll}`);
    const { body: used } = await gateway.admin<Consumption>('GET', `/admin/analytics/usage${ofAll}`);
    const { body: saved } = await gateway.admin<Savings>('GET', `/admin/analytics/savings${ofAll}`);

    expect(spend.data.length).toBeGreaterThan(2);
    expect(sums.data).toEqual(
      spend.data.map((of, at) => {
        const { savedShare: _saved, cacheReadShare: _read, ...savings } = saved.data[at] ?? {};
        return { ...of, ...used.data[at], ...savings };
      }),
    );
    expect(used.data[0]).not.toHaveProperty('costNanoUsd');
    expect(saved.data.map(({ cacheReadShare }) => cacheReadShare)).toContain(0);
  });

  it('tell the largest groups, and the rest as one, for projects, too', async () => {
    const { body } = await gateway.admin<Spend>('GET', `/admin/analytics/spend${ofAll}&top=1&topBy=calls`);
    expect(body.data.map(({ other, calls }) => [other, calls])).toEqual([
      [undefined, expect.any(Number)],
      [true, expect.any(Number)],
    ]);
    expect(body.data.reduce((sum, { calls }) => sum + calls, 0)).toBe(6);
    const { data } = await usage('?interval=total&groupBy=provider&top=1');
    expect(data.map(({ provider, other }) => provider ?? other)).toEqual(['anthropic', true]);
  });

  it.each([
    'spend?top=0',
    'spend?top=101&groupBy=model',
    'usage?top=2',
    'latency?top=2&groupBy=model',
    'savings?topBy=fun',
  ])('refuse %s', async query => {
    const { status, body } = await gateway.admin<{ error: { param: string } }>(
      'GET',
      `/admin/analytics/${query}`,
    );
    expect([status, body.error.param]).toEqual([400, expect.stringMatching(/^top/)]);
  });
});

describe('GET /admin/analytics/{forecast,anomalies}', () => {
  it('tell what was spent until now, and of projects of today no more', async () => {
    const { body } = await gateway.admin<ForecastView>('GET', '/admin/analytics/forecast?groupBy=project');
    const own = await ledgerOf(`&projectId=${otherId}`);
    expect(body.data.find(({ projectId }) => projectId === otherId)).toEqual({
      projectId: otherId,
      spentNanoUsd: String(own.costNanoUsd),
      expectedNanoUsd: null,
      lowNanoUsd: null,
      highNanoUsd: null,
      days: 0,
    });
    const anomalies = await gateway.admin<AnomaliesView>('GET', '/admin/analytics/anomalies');
    expect(anomalies.body.data).toEqual([]);
    expect((await gateway.admin('GET', '/admin/analytics/forecast?groupBy=model')).status).toBe(400);
  });
});

describe('GET /admin/usage/summary', () => {
  it('adds up all projects, or one, and tells them apart', async () => {
    const all = await gateway.admin<AdminUsageSummary>('GET', '/admin/usage/summary?groupBy=project');
    const one = await gateway.admin<AdminUsageSummary>(
      'GET',
      `/admin/usage/summary?interval=total&projectId=${otherId}`,
    );

    expect(all.body.data.map(({ projectId, calls }) => [projectId, calls]).toSorted()).toEqual(
      [
        [gateway.projectId, 5],
        [otherId, 1],
      ].toSorted(),
    );
    expect(sumsOf(all.body)).toEqual(await ledgerOf(''));
    expect(sumsOf(one.body)).toEqual(await ledgerOf(`&projectId=${otherId}`));
  });

  it('is no matter of project keys', async () => {
    expect((await gateway.call('/admin/usage/summary')).status).toBe(403);
  });
});

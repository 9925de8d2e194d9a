import { CATALOGUE_VERSION } from '@app/providers';
import type { AuditEntry } from '../libs/audit/src/domain/audit-entry.entity.js';
import type { RepricingView } from '../libs/analytics/src/api/repricing.dto.js';
import type { UsageDetails } from '../libs/analytics/src/api/usage.dto.js';
import type { Prices, QuoteView } from '../libs/pricing/src/api/prices.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const MODEL = 'openai/gpt-4.1-mini';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

/** As many USD for a token in as out. */
const flat = (usd: number): object => ({
  prices: { [MODEL]: { input_cost_per_token: usd, output_cost_per_token: usd } },
});
const put = (body: unknown): ReturnType<typeof gateway.admin<Prices>> =>
  gateway.admin<Prices>('PUT', '/admin/prices', body);

const quote = (query: string): ReturnType<typeof gateway.admin<QuoteView>> =>
  gateway.admin<QuoteView>('GET', `/admin/prices/quote?${query}`);

/** A call in OpenAI's or Anthropic's words. */
function call(dialect: string): Promise<Response> {
  const body = { model: MODEL, max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] };
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(body),
  };
  return gateway.call(dialect === 'openai' ? '/v1/chat/completions' : '/v1/messages', init);
}

describe('prices that are put', () => {
  it.each([
    ['openai', 1e-6],
    ['anthropic', 3e-6],
  ])('are charged from the next call on, and kept by its record: %s', async (dialect, usd) => {
    const { status, body, headers } = await put(flat(usd));
    expect(status).toBe(200);
    expect(headers.get('etag')).toMatch(new RegExp(`^"${body.version}-`));
    const response = await call(dialect);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    const tokens = record.inputTokens + record.outputTokens;
    expect(tokens).toBeGreaterThan(0);
    expect(record).toMatchObject({
      costNanoUsd: tokens * usd * 1e9,
      priceExact: true,
      priceVersion: `${CATALOGUE_VERSION}+${body.version}`,
    });
    expect(Number(response.headers.get('x-llmhub-cost-usd'))).toBeCloseTo(tokens * usd, 12);
  });

  it('reckon past calls anew: told as a dry run, and corrected once for real', async () => {
    const cheap = await put(flat(1e-6));
    const response = await call('anthropic');
    const id = response.headers.get('x-request-id');
    const { costNanoUsd, priceVersion } = await usageOf(gateway, id);
    const dear = await put(flat(4e-6));
    const reprice = (query: string): ReturnType<typeof gateway.admin<RepricingView>> =>
      gateway.admin<RepricingView>(
        'POST',
        `/admin/prices/reprice?from=2020-01-01&to=2100-01-01T00:00:00Z&version=${dear.body.version}${query}`,
      );
    const corrections = async (): Promise<UsageDetails['corrections']> =>
      (await gateway.admin<UsageDetails>('GET', `/admin/usage/${id}`)).body.corrections;
    const dry = await reprice('');
    await expect(corrections()).resolves.toEqual([]);
    const real = await reprice(`&dryRun=false&provider=openai&projectId=${gateway.projectId}`);
    const again = await reprice('&dryRun=false');

    expect([dry.status, real.status, again.status]).toEqual([200, 200, 200]);
    expect({ ...real.body, dryRun: true }).toEqual(dry.body);
    expect(dry.body.changed).toBeGreaterThan(0);
    expect(again.body).toMatchObject({ changed: 0, differenceNanoUsd: '0' });
    await expect(corrections()).resolves.toMatchObject([
      {
        fromVersion: priceVersion,
        toVersion: dear.body.priceVersion,
        costNanoUsd: 4 * (costNanoUsd ?? 0),
        differenceNanoUsd: 3 * (costNanoUsd ?? 0),
        authorId: 'configured',
      },
    ]);
    expect(priceVersion).toBe(cheap.body.priceVersion);
    await expect(usageOf(gateway, id)).resolves.toMatchObject({ costNanoUsd, priceVersion });
    const audit = await gateway.admin<{ data: AuditEntry[] }>('GET', '/admin/audit?action=usage.reprice');
    expect(audit.body.data.map(({ after }) => after)).toMatchObject([
      { priceVersion: dear.body.priceVersion },
      { priceVersion: dear.body.priceVersion, provider: 'openai' },
    ]);
  });

  it.each([
    ['to=2026-11-02&version=1', 400, /from/],
    ['from=2026-11-02&to=2026-11-02&version=1', 400, /to must be later/],
    ['from=2026-11-01&to=2026-11-02', 400, /version/],
    ['from=2026-11-01&to=2026-11-02&version=latest', 400, /version/],
    ['from=2026-11-01&to=2026-11-02&version=0.0.1%2B1', 400, /bundled/],
    ['from=2026-11-01&to=2026-11-02&version=999', 404, /999/],
    ['from=2026-11-01&to=2026-11-02&version=1&dryRun=no', 400, /dryRun/],
    ['from=2026-11-01&to=2026-11-02&version=1&after=x', 400, /after/],
  ])('reckon nothing anew for %s', async (query, status, message) => {
    const answer = await gateway.admin<{ error: { message: string } }>(
      'POST',
      `/admin/prices/reprice?${query}`,
    );

    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(message);
  });

  it('are shown with all versions before, and told in the audit trail', async () => {
    await put(flat(5e-6));
    const current = await gateway.admin<Prices>('GET', '/admin/prices');
    const { version } = current.body;
    const versions = await gateway.admin<{ data: Prices[] }>('GET', '/admin/prices/versions');
    const first = await gateway.admin('GET', '/admin/prices/versions/1');
    const audit = await gateway.admin<{ data: AuditEntry[] }>('GET', '/admin/audit?action=prices.update');

    expect(current.body).toMatchObject({ source: 'api', ...flat(5e-6) });
    expect(versions.body.data.map(list => list.version)).toEqual([5, 4, 3, 2, 1]);
    expect(versions.body.data[0]).not.toHaveProperty('prices');
    expect(first.body).toMatchObject({ version: 1, ...flat(1e-6) });
    expect(audit.body.data[0]).toMatchObject({ actorId: 'configured', after: { priceList: version } });
  });

  it('are quoted, in nano-USD per million tokens, with where they are from', async () => {
    const own = await quote('provider=openai&model=gpt-4.1-mini');
    const listed = await quote('provider=openai&model=gpt-4o');

    expect(own.body).toMatchObject({ source: 'own', exact: true, rates: [{ input: 5e9, output: 5e9 }] });
    expect(listed.body).toMatchObject({
      source: 'catalogue',
      priceVersion: own.body.priceVersion,
      rates: [
        { aboveInputTokens: 0, input: 2_500_000_000, cacheRead: 1_250_000_000, output: 10_000_000_000 },
      ],
    });
    expect((await quote('provider=openai&model=nobody-knows')).status).toBe(404);
    expect((await quote('provider=openai')).status).toBe(400);
  });

  it('are refused to who has seen others', async () => {
    const headers = { ...gateway.adminHeaders, 'if-match': '"1"' };
    const url = `${gateway.url}/admin/prices`;
    const stale = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(flat(7)) });

    expect(stale.status).toBe(412);
    expect((await gateway.admin<Prices>('GET', '/admin/prices')).body).toMatchObject(flat(5e-6));
  });

  it.each([
    [{ prices: { 'a/b': { output_cost_per_token: 'free' } } }, /'a\/b': output_cost_per_token/],
    [{ prices: { 'a/b': 7 } }, /'a\/b' must be an object/],
    [{ prices: [] }, /prices must be an object/],
    [{ 'a/b': { input_cost_per_token: 1 } }, /a\/b/],
    [[], /prices/],
  ])('name what is wrong with them: %j', async (body, message) => {
    const { status, body: answer } = await gateway.admin<{ error: { message: string } }>(
      'PUT',
      '/admin/prices',
      body,
    );

    expect(status).toBe(400);
    expect(answer.error.message).toMatch(message);
  });
});

import { UsageRecorder } from '@app/analytics';
import type { AdminUsageSummary } from '../libs/analytics/src/api/usage-summary.dto.js';
import type { UsagePage } from '../libs/analytics/src/api/usage.dto.js';
import { UsageRepository } from '../libs/analytics/src/domain/usage.repository.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { aBatch, aUsageRecord } from './support/usage-record.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
  for (const model of ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-5', '=cmd|calc']) {
    await (await gateway.chat({ model, messages: [{ role: 'user', content: 'one' }] })).text();
  }
  await gateway.app.get(UsageRecorder).flush();
});
afterAll(() => gateway?.stop());

async function csv(
  path: string,
  headers: Record<string, string>,
): Promise<{ type: string | null; lines: string[] }> {
  const response = await fetch(gateway.url + path, { headers });
  expect(response.status).toBe(200);
  const text = await response.text();
  return { type: response.headers.get('content-type'), lines: text.split('\r\n').filter(Boolean) };
}

describe('sums as CSV', () => {
  it('come to who asks in the query, or by the header', async () => {
    const summary = '/admin/usage/summary?interval=total&groupBy=provider';
    const { body } = await gateway.admin<AdminUsageSummary>('GET', summary);
    const asked = await csv(`${summary}&format=csv`, { ...gateway.adminHeaders });
    const accepted = await csv(summary, { ...gateway.adminHeaders, accept: 'text/csv' });

    expect(asked).toEqual(accepted);
    expect(asked.type).toBe('text/csv; charset=utf-8');
    const [head = '', ...lines] = asked.lines;
    const names = head.split(',');
    expect(lines.map(line => line.split(',')[names.indexOf('costNanoUsd')])).toEqual(
      body.data.map(({ costNanoUsd }) => costNanoUsd),
    );
  });

  it.each(['spend', 'usage', 'savings', 'latency', 'forecast'])(
    'have a line for each entry (%s)',
    async view => {
      const path = `/admin/analytics/${view}?groupBy=project`;
      const { body } = await gateway.admin<{ data: object[] }>('GET', path);
      const { lines } = await csv(`${path}&format=csv`, { ...gateway.adminHeaders });

      expect(lines).toHaveLength(body.data.length + 1);
      expect(lines.join('')).not.toContain('[object');
    },
  );

  it('tell projects of their own, and errors as JSON', async () => {
    const authorization = `Bearer ${gateway.projectKey}`;
    const { lines } = await csv('/v1/usage/latency?interval=total', { authorization, accept: 'text/csv' });
    expect(lines[0]).toContain('latencyMs.calls,latencyMs.p50');
    const refused = await gateway.call('/v1/usage?format=xml');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { param: 'format' } });
  });
});

describe('GET /admin/usage/export', () => {
  it('streams the records that fit, as lines of JSON or as CSV', async () => {
    const { body } = await gateway.admin<UsagePage>('GET', '/admin/usage');
    const all = await fetch(`${gateway.url}/admin/usage/export`, { headers: gateway.adminHeaders });
    const lines = (await all.text()).trim().split('\n');

    expect(all.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(body.data);
    expect(lines).toHaveLength(3);
    const some = await csv('/admin/usage/export?format=csv&outcome=failed', { ...gateway.adminHeaders });
    expect(some.lines).toHaveLength(2);
    expect(some.lines[1]).toContain("'=cmd|calc");
    const none = await csv('/admin/usage/export?format=csv&to=2020-01-01', { ...gateway.adminHeaders });
    expect(none.lines).toHaveLength(1);
  });

  it('has all of more than a page, each once', async () => {
    const records = gateway.app.get(UsageRepository, { strict: false });
    const receivedAt = Date.UTC(2026, 0, 1);
    const ids = Array.from({ length: 1201 }, (_, at) => `export-${at}`);
    for (let from = 0; from < ids.length; from += 200) {
      const some = ids.slice(from, from + 200);
      await records.insertMany(
        some.map((id, at) => aUsageRecord({ id, receivedAt: receivedAt + (at % 3) })),
        aBatch(),
      );
    }
    const answer = await fetch(`${gateway.url}/admin/usage/export?projectId=project-1`, {
      headers: gateway.adminHeaders,
    });
    const seen = (await answer.text())
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { id: string }).id);

    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('is no matter of project keys, and names what it does not know', async () => {
    expect((await gateway.call('/admin/usage/export')).status).toBe(403);
    const { status, body } = await gateway.admin<{ error: { param: string } }>(
      'GET',
      '/admin/usage/export?limit=5',
    );
    expect([status, body.error.param]).toEqual([400, 'limit']);
  });
});

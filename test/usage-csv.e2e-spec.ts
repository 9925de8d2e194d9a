import { UsageRecorder } from '@app/analytics';
import type { AdminUsageSummary } from '../libs/analytics/src/api/usage-summary.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';

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

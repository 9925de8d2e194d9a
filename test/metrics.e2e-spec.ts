import { startGateway, type TestGateway } from './support/gateway.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

it('metrics are told to administrators, as Prometheus reads them', async () => {
  const response = await fetch(`${gateway.url}/metrics`, { headers: gateway.adminHeaders });
  const body = await response.text();

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toMatch(/^# HELP llmhub_usage_spool_bytes .+\n# TYPE llmhub_usage_spool_bytes gauge\n/m);
  expect(body).toMatch(/^llmhub_usage_lost_calls_total 0$/m);
});

it('metrics are told to nobody else', async () => {
  const [project, stranger] = await Promise.all([gateway.call('/metrics'), fetch(`${gateway.url}/metrics`)]);

  expect([project.status, stranger.status]).toEqual([403, 401]);
});

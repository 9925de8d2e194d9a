import { startGateway, type TestGateway } from './support/gateway.js';

const OF_CHAT = 'endpoint="/v1/chat/completions",provider="openai",model="gpt-4o-mini"';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

async function read(): Promise<string> {
  const response = await fetch(`${gateway.url}/metrics`, { headers: gateway.adminHeaders });
  return response.text();
}

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

it('metrics add up calls as they end', async () => {
  const whole = await gateway.chat({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] });
  const { usage, x_llmhub: told } = (await whole.json()) as {
    usage: { prompt_tokens: number };
    x_llmhub: { cost: number };
  };
  const streamed = await gateway.chat({
    model: 'gpt-4o-mini',
    stream: true,
    messages: [{ role: 'user', content: 'hello' }],
  });
  await streamed.text();
  const refused = await gateway.chat({ model: 'gpt-4o-mini', messages: 'hello' });
  const metrics = await read();

  expect([whole.status, streamed.status, refused.status]).toEqual([200, 200, 400]);
  expect(metrics).toContain(`llmhub_requests_total{${OF_CHAT},outcome="completed",status="200"} 2\n`);
  expect(metrics).toMatch(/^llmhub_requests_total\{.+model="none",outcome="failed",status="400"\} 1$/m);
  expect(metrics).toContain(`llmhub_tokens_total{${OF_CHAT},kind="input"} ${2 * usage.prompt_tokens}\n`);
  expect(valueOf(metrics, `llmhub_cost_usd_total{${OF_CHAT}}`)).toBeCloseTo(2 * told.cost, 9);
  expect(metrics).toContain(`llmhub_request_duration_seconds_bucket{${OF_CHAT},le="+Inf"} 2\n`);
  expect(metrics).toContain(`llmhub_time_to_first_token_seconds_count{${OF_CHAT}} 1\n`);
  expect(metrics).toMatch(/^llmhub_vendor_connections\{origin="http:\/\/.+",state="free"\} [1-9]/m);
});

it('answers tell how long the gateway and the vendor took, and metrics what the gateway adds', async () => {
  const before = valueOf(await read(), 'llmhub_overhead_seconds_count');
  const [whole, streamed] = await Promise.all(
    [false, true].map(stream =>
      gateway.chat({ model: 'gpt-4o-mini', stream, messages: [{ role: 'user', content: 'hello' }] }),
    ),
  );
  await Promise.all([whole?.text(), streamed?.text()]);

  for (const answer of [whole, streamed]) {
    expect(answer?.headers.get('server-timing')).toMatch(/^gateway;dur=\d+\.\d\d, vendor;dur=\d+\.\d\d$/);
  }
  expect(valueOf(await read(), 'llmhub_overhead_seconds_count')).toBe(before + 2);
});

it('metrics tell no secret', async () => {
  expect(await read()).not.toContain(gateway.projectKey);
});

function valueOf(metrics: string, name: string): number {
  const line = metrics.split('\n').find(one => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

import { type Collector, type GotSeries, type GotSpan, startCollector } from './support/collector.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SERVER = 2;
const CLIENT = 3;
const SECRET = 'collector-secret-8831';

const tellAtOnce = (url: string): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${SECRET}`,
  OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  OTEL_BSP_SCHEDULE_DELAY: '20',
  OTEL_METRIC_EXPORT_INTERVAL: '50',
});

const say = (content: string, more: object = {}): object => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content }],
  ...more,
});

describe('a collector', () => {
  let collector: Collector;
  let gateway: TestGateway;

  beforeAll(async () => {
    collector = await startCollector();
    gateway = await startGateway({
      ...tellAtOnce(collector.url),
      OTEL_SERVICE_NAME: 'test-gateway',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test%20bench',
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await collector?.close();
  });

  /** The call's own span, and those in it. */
  async function spansOf(answer: Response): Promise<{ served: GotSpan; attempts: GotSpan[] }> {
    const id = answer.headers.get('x-request-id') ?? '';
    let served: GotSpan | undefined;
    await eventually(() => {
      served = collector.spans.find(({ attributes }) => attributes['llmhub.request.id'] === id);
      expect(served).toBeDefined();
    });
    const spans = collector.spans.filter(({ parent }) => parent === served?.id);
    return { served: served as GotSpan, attempts: spans.toSorted((a, b) => a.startedAt - b.startedAt) };
  }

  async function seriesOf(name: string, with_: object, count = 1): Promise<GotSeries> {
    let found: GotSeries | undefined;
    await eventually(() => {
      found = collector.series.find(
        one =>
          one.name === name && Object.entries(with_).every(([key, value]) => one.attributes[key] === value),
      );
      expect(found?.count).toBe(count);
    });
    return found as GotSeries;
  }

  it('is told a whole answer, within the trace of its caller', async () => {
    const answer = await gateway.chat(say('Never tell this.'), {
      headers: { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'vendor=abc' },
    });
    const { id, usage } = (await answer.json()) as {
      id: string;
      usage: { prompt_tokens: number; completion_tokens: number };
    };
    const { served, attempts } = await spansOf(answer);

    const requestId = answer.headers.get('x-request-id')?.replaceAll('-', '');
    expect(served).toMatchObject({
      trace: TRACE,
      id: requestId?.slice(16),
      parent: CALLER,
      traceState: 'vendor=abc',
      name: 'POST /v1/chat/completions',
      kind: SERVER,
      status: 0,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/chat/completions',
        'http.response.status_code': 200,
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o-mini',
        'llmhub.project.id': gateway.projectId,
        'llmhub.outcome': 'completed',
        'llmhub.cost_usd': Number(answer.headers.get('x-llmhub-cost-usd')),
      },
      resource: { 'service.name': 'test-gateway', 'deployment.environment.name': 'test bench' },
    });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      trace: TRACE,
      name: 'chat gpt-4o-mini',
      kind: CLIENT,
      status: 0,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.id': id,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': usage.prompt_tokens,
        'gen_ai.usage.output_tokens': usage.completion_tokens,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(gateway.simulator.url).port),
      },
    });
    const [attempt] = attempts as [GotSpan];
    expect(attempt.startedAt).toBeGreaterThanOrEqual(served.startedAt);
    expect(attempt.endedAt).toBeLessThanOrEqual(served.endedAt);
    expect(attempt.endedAt).toBeGreaterThanOrEqual(attempt.startedAt);
  });

  it('is told a stream, translated, as a trace of its own that has the id of the call', async () => {
    const answer = await gateway.chat(
      say('Count.', {
        model: 'anthropic/claude-sonnet-4-5',
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    const events = (await answer.text()).split('\n').filter(line => line.includes('"usage":{'));
    const { usage } = JSON.parse(events.at(-1)?.slice(6) ?? '') as { usage: { completion_tokens: number } };
    const { served, attempts } = await spansOf(answer);

    expect(served).toMatchObject({
      trace: answer.headers.get('x-request-id')?.replaceAll('-', ''),
      parent: '',
    });
    expect(attempts).toMatchObject([
      {
        name: 'chat claude-sonnet-4-5',
        attributes: {
          'gen_ai.provider.name': 'anthropic',
          'gen_ai.request.stream': true,
          'gen_ai.usage.output_tokens': usage.completion_tokens,
        },
      },
    ]);
    const of = { 'gen_ai.provider.name': 'anthropic' };
    const tokens = await seriesOf('gen_ai.client.token.usage', { ...of, 'gen_ai.token.type': 'output' });
    expect(tokens).toMatchObject({ unit: '{token}', sum: usage.completion_tokens });
    for (const name of [
      'gen_ai.client.operation.duration',
      'gen_ai.client.operation.time_to_first_chunk',
      'gen_ai.server.request.duration',
      'gen_ai.server.time_to_first_token',
      'gen_ai.server.time_per_output_token',
    ]) {
      expect((await seriesOf(name, of)).unit).toBe('s');
    }
  });

  it('is told a failure, and whose it is', async () => {
    const answer = await gateway.chat(say('[[sim:fault status=500]]', { model: 'google/gemini-2.5-flash' }));
    const { served, attempts } = await spansOf(answer);

    expect(answer.status).toBe(502);
    expect(served).toMatchObject({
      status: 2,
      attributes: { 'http.response.status_code': 502, 'llmhub.outcome': 'failed' },
    });
    expect(attempts).toMatchObject([
      {
        status: 2,
        attributes: { 'gen_ai.provider.name': 'gcp.gemini', 'http.response.status_code': 500 },
      },
    ]);
    expect(attempts[0]?.attributes['error.type']).toEqual(served.attributes['error.type']);
    await seriesOf('gen_ai.client.operation.duration', {
      'gen_ai.provider.name': 'gcp.gemini',
      'error.type': served.attributes['error.type'],
    });
  });

  it('is told both vendors of a call that fell back', async () => {
    const answer = await gateway.chat(
      say('[[sim:fault status=503,vendor=openai]]', {
        models: ['gpt-4o-mini', 'anthropic/claude-haiku-4-5'],
      }),
    );
    await answer.text();
    const { served, attempts } = await spansOf(answer);

    expect(answer.status).toBe(200);
    expect(served).toMatchObject({ status: 0, attributes: { 'llmhub.attempts': 2 } });
    expect(attempts).toMatchObject([
      { status: 2, attributes: { 'gen_ai.provider.name': 'openai', 'http.response.status_code': 503 } },
      { status: 0, attributes: { 'gen_ai.provider.name': 'anthropic' } },
    ]);
    expect(attempts[0]?.attributes).not.toHaveProperty(['gen_ai.usage.input_tokens']);
    expect(attempts[1]?.attributes['gen_ai.usage.input_tokens']).toBeGreaterThan(0);
  });

  it('is told a refused request as the caller’s own fault, without a vendor', async () => {
    const answer = await gateway.chat({ model: 'gpt-4o-mini', messages: 'hello' });
    const { served, attempts } = await spansOf(answer);

    expect(served).toMatchObject({ status: 0, attributes: { 'http.response.status_code': 400 } });
    expect(attempts).toEqual([]);
  });

  it('is not told of traces that their caller does not sample, nor misled by what is no traceparent', async () => {
    const unsampled = await gateway.chat(say('a'), { headers: { traceparent: `00-${TRACE}-${CALLER}-00` } });
    const wrong = await gateway.chat(say('b'), { headers: { traceparent: 'not-one' } });
    const { served } = await spansOf(wrong);

    expect(served).toMatchObject({
      trace: wrong.headers.get('x-request-id')?.replaceAll('-', ''),
      parent: '',
    });
    const ids = collector.spans.map(({ attributes }) => attributes['llmhub.request.id']);
    expect(ids).not.toContain(unsampled.headers.get('x-request-id'));
  });

  it('is shown its header, and nothing of what was said, nor any key', () => {
    const all = Buffer.concat([...collector.bodies]).toString('latin1');

    expect(collector.requests.every(({ headers }) => headers.authorization === `Bearer ${SECRET}`)).toBe(
      true,
    );
    expect(all).toContain('gen_ai.usage.input_tokens');
    expect(all).not.toContain('Never tell this.');
    expect(all).not.toContain(gateway.projectKey);
    expect(all).not.toContain('sk-simulated-openai');
  });
});

it('what waits is told when the gateway stops', async () => {
  const collector = await startCollector();
  const patient = { OTEL_BSP_SCHEDULE_DELAY: '600000', OTEL_METRIC_EXPORT_INTERVAL: '600000' };
  const gateway = await startGateway({ ...tellAtOnce(collector.url), ...patient });
  await gateway.chat(say('Hi')).then(answer => answer.text());
  expect(collector.requests).toEqual([]);
  await gateway.stop();

  expect(collector.spans.map(({ kind }) => kind).toSorted()).toEqual([SERVER, CLIENT]);
  expect(collector.series.map(({ name }) => name)).toContain('gen_ai.client.operation.duration');
  await collector.close();
});

it.each([
  ['is not there', null],
  ['refuses', 403],
  ['says nothing', 0],
])('a collector that %s costs spans, which are counted, and no call', async (_how, status) => {
  const collector = await startCollector();
  if (status === null) {
    await collector.close();
  } else {
    collector.answer(response => void (status && response.writeHead(status).end()));
  }
  const gateway = await startGateway(tellAtOnce(collector.url));
  const lost = async (): Promise<number> => {
    const response = await fetch(`${gateway.url}/metrics`, { headers: gateway.adminHeaders });
    return Number(/^llmhub_otlp_lost_spans_total (\d+)$/m.exec(await response.text())?.[1]);
  };

  expect((await gateway.chat(say('Hi'))).status).toBe(200);
  await eventually(async () => expect(await lost()).toBe(2));
  expect((await gateway.chat(say('Hi'))).status).toBe(200);
  await gateway.stop();
  if (status !== null) {
    await collector.close();
  }
});

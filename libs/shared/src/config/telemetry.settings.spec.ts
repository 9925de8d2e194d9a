import { ConfigError } from './config.error.js';
import { readConfig } from './config.reader.js';

function urlsOf(env: Record<string, string>): object | null {
  const { collector } = readConfig(env);
  return collector && { traces: collector.tracesUrl, metrics: collector.metricsUrl };
}

describe('the settings of OpenTelemetry', () => {
  it('tell nothing until they are told where', () => {
    expect(readConfig({}).collector).toBeNull();
    expect(readConfig({ OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }).collector).toBeNull();
  });

  it('have both signals below the endpoint, with what the collector wants to see', () => {
    const { collector } = readConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example/team/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20k=1, x-team=a',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production',
    });

    expect(collector).toEqual({
      tracesUrl: 'https://otlp.example/team/v1/traces',
      metricsUrl: 'https://otlp.example/team/v1/metrics',
      headers: { authorization: 'Bearer k=1', 'x-team': 'a' },
      resource: { 'deployment.environment.name': 'production' },
    });
  });

  it('may be about one signal', () => {
    const all = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' };
    const traces = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/spans' };

    expect(urlsOf(traces)).toEqual({ traces: 'http://t/spans' });
    expect(urlsOf({ ...all, ...traces })).toEqual({
      traces: 'http://t/spans',
      metrics: 'http://c:4318/v1/metrics',
    });
    expect(urlsOf({ ...all, OTEL_TRACES_EXPORTER: 'none' })).toEqual({ metrics: 'http://c:4318/v1/metrics' });
    expect(urlsOf({ ...all, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' })).toBeNull();
    expect(urlsOf({ ...all, OTEL_SDK_DISABLED: 'true' })).toBeNull();
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'must be an http:// or https:// URL'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:secret-42@c' }, 'must be an http:// or https:// URL'],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'must be http/protobuf, for which collectors listen at port 4318',
    ],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'Bearer secret-42' }, 'must be a list of name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=secret-42%FF' }, 'must be a list of name=value'],
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'must be one of always_on, always_off, traceidratio'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'must be a number from 0 to 1'],
    [{ OTEL_TRACES_SAMPLER_ARG: 'half' }, 'must be a number from 0 to 1'],
    [{ OTEL_TRACES_EXPORTER: 'console' }, 'must be otlp or none'],
  ])('stop the start at what they cannot mean: %j', (env, message) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(`${Object.keys(env)[0]} is not valid. It ${message}`);
    expect(() => readConfig(env)).not.toThrow('secret-42');
  });
});

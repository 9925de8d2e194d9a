import type { Histogram } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import type { ToldCall } from '../domain/told-call.js';

/** The bounds that the conventions for generative AI name. */
const DURATIONS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const FIRST_TOKENS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const TOKEN_TIMES = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

/** `gen_ai.client.*`: what vendors do for the gateway. `gen_ai.server.*`: what it does for its callers. */
export class CallInstruments {
  private readonly provider: MeterProvider;
  private readonly operations: Histogram;
  private readonly firstChunks: Histogram;
  private readonly tokens: Histogram;
  private readonly requests: Histogram;
  private readonly firstTokens: Histogram;
  private readonly tokenTimes: Histogram;

  constructor(resource: Resource, reader: MetricReader) {
    this.provider = new MeterProvider({ resource, readers: [reader] });
    this.operations = this.histogram(
      'gen_ai.client.operation.duration',
      's',
      'How long a request to a vendor took.',
      DURATIONS,
    );
    this.firstChunks = this.histogram(
      'gen_ai.client.operation.time_to_first_chunk',
      's',
      'From a request to a vendor to the first piece of its stream.',
      FIRST_TOKENS,
    );
    this.tokens = this.histogram('gen_ai.client.token.usage', '{token}', 'Tokens that a call used.', TOKENS);
    this.requests = this.histogram(
      'gen_ai.server.request.duration',
      's',
      'From the arrival of a call to its end.',
      DURATIONS,
    );
    this.firstTokens = this.histogram(
      'gen_ai.server.time_to_first_token',
      's',
      'From the arrival of a call to its first token; streams that ended well.',
      FIRST_TOKENS,
    );
    this.tokenTimes = this.histogram(
      'gen_ai.server.time_per_output_token',
      's',
      'For each token after the first one; streams that ended well.',
      TOKEN_TIMES,
    );
  }

  tell({ served, attempts, tokens, stream, labels }: ToldCall): void {
    for (const { startedAt, endedAt, firstChunkSeconds, attributes, isError } of attempts) {
      const { 'error.type': error, ...of } = attributes;
      const series = seriesOf(of, isError ? error : undefined);
      this.operations.record((endedAt - startedAt) / 1000, series);
      if (firstChunkSeconds !== null) {
        this.firstChunks.record(firstChunkSeconds, series);
      }
    }
    if (tokens) {
      this.tokens.record(tokens.input, { ...labels, 'gen_ai.token.type': 'input' });
      this.tokens.record(tokens.output, { ...labels, 'gen_ai.token.type': 'output' });
    }
    if (served) {
      const error = served.isError ? served.attributes['error.type'] : undefined;
      this.requests.record((served.endedAt - served.startedAt) / 1000, seriesOf(labels, error));
    }
    if (stream) {
      this.firstTokens.record(stream.firstTokenSeconds, labels);
      if (stream.tokenSeconds !== null) {
        this.tokenTimes.record(stream.tokenSeconds, labels);
      }
    }
  }

  shutdown(): Promise<void> {
    return this.provider.shutdown();
  }

  private histogram(name: string, unit: string, description: string, bounds: number[]): Histogram {
    const advice = { explicitBucketBoundaries: bounds };
    return this.provider.getMeter('llm-hub-gateway').createHistogram(name, { unit, description, advice });
  }
}

const SERIES = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.model',
  'server.address',
  'server.port',
];

/** What has few values. */
function seriesOf(
  attributes: ToldCall['labels'],
  error: ToldCall['labels'][string] | undefined,
): ToldCall['labels'] {
  const kept = Object.entries(attributes).filter(([name]) => SERIES.includes(name));
  return { ...Object.fromEntries(kept), ...(error !== undefined && { 'error.type': error }) };
}

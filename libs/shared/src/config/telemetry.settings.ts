import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';
import { MAX_TIMER_MS, Satisfies, toInteger, toList } from './config.values.js';
import { RealtimeSettings } from './realtime.settings.js';
import { Setting } from './setting.decorator.js';

const URL_OF_COLLECTOR = /^https?:\/\/[^\s@]+$/;
const SAMPLERS = ['always_on', 'always_off', 'traceidratio'];
/** `name=value`, as in W3C Baggage, which percent-encodes values. */
const PAIR = /^[^\s=,]+=(?:[^%\s]|%[\da-f]{2})*$/i;

/** Where traces and metrics go by OTLP, and how. Holds secrets: never shown. */
export interface Collector {
  /** Absent: no traces are told. */
  readonly tracesUrl?: string;
  /** Absent: no metrics are told. */
  readonly metricsUrl?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the gateway is called besides its name. */
  readonly resource: Readonly<Record<string, string>>;
}

/** OpenTelemetry, by the names that all of its SDKs have for it. */
export class TelemetrySettings extends RealtimeSettings {
  /** Without an endpoint nothing is told. */
  @Setting('OTEL_EXPORTER_OTLP_ENDPOINT', 'an http:// or https:// URL, such as http://127.0.0.1:4318')
  @IsOptional()
  @Matches(URL_OF_COLLECTOR)
  readonly otlpEndpoint?: string;

  @Setting('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'an http:// or https:// URL, its path included')
  @IsOptional()
  @Matches(URL_OF_COLLECTOR)
  readonly otlpTracesEndpoint?: string;

  @Setting('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'an http:// or https:// URL, its path included')
  @IsOptional()
  @Matches(URL_OF_COLLECTOR)
  readonly otlpMetricsEndpoint?: string;

  @Setting('OTEL_EXPORTER_OTLP_HEADERS', 'a list of name=value with commas, its values percent-encoded')
  @Transform(({ value }) => toList(value))
  @Satisfies(isPair)
  readonly otlpHeaders: readonly string[] = [];

  @Setting('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf, for which collectors listen at port 4318')
  @IsIn(['http/protobuf'])
  readonly otlpProtocol: string = 'http/protobuf';

  /** How long the collector may take, in ms. */
  @Setting('OTEL_EXPORTER_OTLP_TIMEOUT', 'a whole number of ms, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  @Max(MAX_TIMER_MS)
  readonly otlpTimeoutMs: number = 10_000;

  @Setting('OTEL_TRACES_EXPORTER', 'otlp or none')
  @IsIn(['otlp', 'none'])
  readonly tracesExporter: string = 'otlp';

  @Setting('OTEL_METRICS_EXPORTER', 'otlp or none')
  @IsIn(['otlp', 'none'])
  readonly metricsExporter: string = 'otlp';

  @Setting('OTEL_TRACES_SAMPLER', `one of ${SAMPLERS.join(', ')}, with parentbased_ before it or without`)
  @IsIn([...SAMPLERS, ...SAMPLERS.map(name => `parentbased_${name}`)])
  readonly tracesSampler: string = 'parentbased_always_on';

  /** The share of traces that are told, for the samplers that go by one. */
  @Setting('OTEL_TRACES_SAMPLER_ARG', 'a number from 0 to 1')
  @Transform(({ value }) => (typeof value === 'string' ? Number(value) : (value as unknown)))
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly tracesSamplerArg: number = 1;

  /** How long spans wait for others, in ms. */
  @Setting('OTEL_BSP_SCHEDULE_DELAY', 'a whole number of ms, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  @Max(MAX_TIMER_MS)
  readonly spanDelayMs: number = 5000;

  /** How often metrics are told, in ms. */
  @Setting('OTEL_METRIC_EXPORT_INTERVAL', 'a whole number of ms, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  @Max(MAX_TIMER_MS)
  readonly metricIntervalMs: number = 60_000;

  @Setting('OTEL_SERVICE_NAME', 'a name')
  @IsNotEmpty()
  readonly serviceName: string = 'llm-hub-gateway';

  @Setting('OTEL_RESOURCE_ATTRIBUTES', 'a list of name=value with commas, its values percent-encoded')
  @Transform(({ value }) => toList(value))
  @Satisfies(isPair)
  readonly resourceAttributes: readonly string[] = [];

  @Setting('OTEL_SDK_DISABLED', 'true or false')
  @IsIn(['true', 'false'])
  readonly telemetryDisabled: string = 'false';

  /** Null: nothing is told. */
  get collector(): Collector | null {
    const tracesUrl =
      this.tracesExporter === 'none' ? undefined : this.urlOf(this.otlpTracesEndpoint, 'traces');
    const metricsUrl =
      this.metricsExporter === 'none' ? undefined : this.urlOf(this.otlpMetricsEndpoint, 'metrics');
    if (this.telemetryDisabled === 'true' || (tracesUrl ?? metricsUrl) === undefined) {
      return null;
    }
    return {
      ...(tracesUrl !== undefined && { tracesUrl }),
      ...(metricsUrl !== undefined && { metricsUrl }),
      headers: pairsOf(this.otlpHeaders),
      resource: pairsOf(this.resourceAttributes),
    };
  }

  /** The endpoint of all has the signals below it, one of a signal's own is the whole address. */
  private urlOf(own: string | undefined, signal: string): string | undefined {
    return own ?? (this.otlpEndpoint && `${this.otlpEndpoint.replace(/\/+$/, '')}/v1/${signal}`);
  }
}

function isPair(text: string): boolean {
  try {
    return PAIR.test(text) && decodeURIComponent(text) !== '';
  } catch {
    return false; // percent-encoded, but no UTF-8
  }
}

function pairsOf(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map(pair => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
    }),
  );
}

import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { UsageRecorder } from '@app/analytics';
import { ProviderRegistry } from '@app/providers';
import { type AddressOf, type EndedCall, toldCall } from './call-spans.js';
import { CallExporter } from './call-exporter.js';

/** A second of a busy gateway; what ends while so many wait is lost. */
const MOST_WAITING = 2000;
/** Calls that are told before the event loop has its turn. */
const AT_ONCE = 50;

/** Tells a collector of calls as they end: on their path they are put aside, and nothing else. */
@Injectable()
export class Telemetry implements OnModuleInit, OnApplicationShutdown {
  private waiting: EndedCall[] = [];
  private readonly addresses = new Map<string, ReturnType<AddressOf>>();

  constructor(
    private readonly recorder: UsageRecorder,
    private readonly registry: ProviderRegistry,
    @Inject(CallExporter) private readonly exporter: CallExporter | null,
  ) {}

  onModuleInit(): void {
    const { exporter, recorder } = this;
    if (!exporter) {
      return;
    }
    recorder.onRecord((record, course) => {
      if (!course) {
        return;
      }
      if (this.waiting.length === MOST_WAITING) {
        exporter.noteLost(1);
      } else if (this.waiting.push({ record, course, endedAt: performance.now() }) === 1) {
        setImmediate(() => this.tell(exporter));
      }
    });
  }

  /** When calls end no more. */
  async onApplicationShutdown(): Promise<void> {
    const { exporter } = this;
    if (exporter) {
      while (this.waiting.length > 0) {
        this.tell(exporter);
      }
      await exporter.close();
    }
  }

  private tell(exporter: CallExporter): void {
    const ended = this.waiting.splice(0, AT_ONCE);
    ended.forEach(call => exporter.tell(toldCall(call, this.addressOf)));
    if (this.waiting.length > 0) {
      setImmediate(() => this.tell(exporter));
    }
  }

  private readonly addressOf: AddressOf = vendor => {
    let address = this.addresses.get(vendor);
    if (address === undefined) {
      address = addressIn(this.registry.isSimulated ? undefined : this.registry.get(vendor)?.baseUrl);
      this.addresses.set(vendor, address);
    }
    return address;
  };
}

function addressIn(url: string | undefined): ReturnType<AddressOf> {
  if (url === undefined || !URL.canParse(url)) {
    return null;
  }
  const { hostname: host, port, protocol } = new URL(url);
  return { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

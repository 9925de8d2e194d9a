import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Config, type GatewayError } from '@app/shared';

export interface OpenStream {
  /** When something was last sent to the caller, in monotonic ms. */
  readonly lastSentAt: number;
  ping(): void;
  /** Ends the stream with an error event. */
  terminate(error: GatewayError): void;
}

/** All streams under way: one timer pings the silent ones, and a shutdown ends what its deadline leaves open. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  private readonly streams = new Set<OpenStream>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly config: Config) {
    this.timer = setInterval(() => this.pingSilent(), config.streamPingMs / 2).unref();
  }

  get size(): number {
    return this.streams.size;
  }

  add(stream: OpenStream): void {
    this.streams.add(stream);
  }

  delete(stream: OpenStream): void {
    this.streams.delete(stream);
  }

  terminateAll(error: GatewayError): void {
    for (const stream of this.streams) {
      stream.terminate(error);
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private pingSilent(): void {
    const now = performance.now();
    for (const stream of this.streams) {
      if (now - stream.lastSentAt >= this.config.streamPingMs) {
        stream.ping();
      }
    }
  }
}

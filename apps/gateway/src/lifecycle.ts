import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { OpenStreams, ShuttingDownError, UpstreamService } from '@app/inference';
import { Config, within } from '@app/shared';
import { OpenWork } from './open-work.js';
import { Connections } from './server/connections.js';

const SWEEP_MS = 50;
/** Time for the last error events to leave. */
const FAREWELL_MS = 250;
/** Time for vendors of realtime sessions to tell what was used. */
const LAST_WORD_MS = 2500;

/** Serving, then draining: no new callers, open answers may finish until the deadline, then each is told. */
@Injectable()
export class Lifecycle {
  private draining = false;
  private connections: Connections | null = null;
  private readonly hurried = Promise.withResolvers<null>();

  constructor(
    private readonly streams: OpenStreams,
    private readonly upstream: UpstreamService,
    private readonly work: OpenWork,
    private readonly config: Config,
  ) {}

  /** Before it serves. */
  watch(server: Server): void {
    this.connections = new Connections(server);
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** The deadline is now. */
  hurry(): void {
    this.hurried.resolve(null);
  }

  /** Resolves when no connection is left and nothing is worked on without one, at the latest shortly after the deadline. */
  async drain(server: Server): Promise<void> {
    this.draining = true;
    const closed = once(server, 'close');
    server.close();
    this.work.sendWatchersAway();
    // A connection falls idle when its answer is done; nobody else closes it then.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      this.connections?.closeUnused();
    }, SWEEP_MS);
    const done = Promise.all([closed, this.work.idle()]);
    const inTime = await Promise.race([done, this.deadline()]);
    clearInterval(sweep);
    if (!inTime) {
      this.streams.terminateAll(new ShuttingDownError());
      await this.upstream.abortAll(new ShuttingDownError());
      await Promise.all([
        delay(FAREWELL_MS),
        within(LAST_WORD_MS, this.work.sessions()).catch(() => undefined),
      ]);
      this.connections?.closeAll();
    }
  }

  private deadline(): Promise<null> {
    return Promise.race([delay(this.config.shutdownTimeoutMs, null), this.hurried.promise]);
  }
}

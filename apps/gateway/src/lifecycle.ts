import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { OpenStreams, ShuttingDownError, UpstreamService } from '@app/inference';
import { Config, within } from '@app/shared';
import { OpenWork } from './open-work.js';
import { UnusedConnections } from './server/unused-connections.js';

const SWEEP_MS = 50;
/** Time for the last error events to leave. */
const FAREWELL_MS = 250;
/** Time for vendors of realtime sessions to tell what was used. */
const LAST_WORD_MS = 2500;

/** Serving, then draining: no new callers, open answers may finish until the deadline, then each is told. */
@Injectable()
export class Lifecycle {
  private draining = false;
  private unused: UnusedConnections | null = null;
  private readonly upgraded = new Set<Duplex>();
  private readonly hurried = Promise.withResolvers<null>();

  constructor(
    private readonly streams: OpenStreams,
    private readonly upstream: UpstreamService,
    private readonly work: OpenWork,
    private readonly config: Config,
  ) {}

  /** Before it serves. */
  watch(server: Server): void {
    this.unused = new UnusedConnections(server);
    server.on('upgrade', (_, socket) => {
      this.upgraded.add(socket);
      socket.once('close', () => this.upgraded.delete(socket));
    });
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
    // A connection falls idle when its answer is done; nobody else closes it then.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      this.unused?.closeLast();
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
      server.closeAllConnections();
      this.upgraded.forEach(socket => socket.destroy()); // the server does not know them any more
    }
  }

  private deadline(): Promise<null> {
    return Promise.race([delay(this.config.shutdownTimeoutMs, null), this.hurried.promise]);
  }
}

import { type IncomingMessage, request } from 'node:http';
import type { FeedSecond } from '../../libs/analytics/src/domain/feed/feed-second.entity.js';
import { eventually } from './eventually.js';
import { ADMIN_KEY, type TestGateway } from './gateway.js';

interface Frame {
  readonly id?: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

interface Wanted {
  /** Id of the last call that was seen. */
  readonly after?: string;
  readonly projectId?: string;
}

/** Somebody who watches the feed of a gateway, by a plain connection. */
export class FeedReader {
  private text = '';
  private isOver = false;

  private constructor(
    readonly status: number,
    private readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (piece: string) => (this.text += piece));
    response.on('end', () => (this.isOver = true));
    response.on('error', () => (this.isOver = true));
  }

  /** Resolves when the head is there. */
  static open({ url }: Pick<TestGateway, 'url'>, { after, projectId }: Wanted = {}): Promise<FeedReader> {
    const headers = {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(after !== undefined && { 'last-event-id': after }),
    };
    const query = projectId === undefined ? '' : `?projectId=${projectId}`;
    return new Promise((resolve, reject) => {
      request(`${url}/admin/analytics/stream${query}`, { headers, agent: false })
        .on('response', response => resolve(new FeedReader(response.statusCode ?? 0, response)))
        .on('error', reject)
        .end();
    });
  }

  get frames(): Frame[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .filter(frame => frame.includes('data: '))
      .map(frame => {
        const lines = frame.split('\n').map(line => line.split(/: (.*)/s));
        const { data, ...of } = Object.fromEntries(lines.map(([name, value]) => [name, value]));
        return { ...of, data: JSON.parse(String(data)) as unknown } as Frame;
      });
  }

  /** Ids of the calls that were told. */
  get calls(): string[] {
    return this.frames.filter(({ event }) => event === 'call').map(({ id = '' }) => id);
  }

  get seconds(): FeedSecond[] {
    return this.frames
      .filter(({ event }) => event === 'second')
      .map(({ data }) => data as unknown as FeedSecond);
  }

  /** What all seconds add up to. */
  total(of: 'calls' | 'shownCalls' | 'costNanoUsd' | 'inputTokens'): number {
    return this.seconds.reduce((sum, second) => sum + second[of], 0);
  }

  named(event: string): Record<string, unknown>[] {
    return this.frames.filter(frame => frame.event === event).map(({ data }) => data);
  }

  /** Resolves when these calls were told. */
  async told(...ids: readonly string[]): Promise<void> {
    await eventually(() => {
      const missing = ids.filter(id => !this.calls.includes(id));
      if (missing.length > 0) {
        throw new Error(`The feed has not told ${missing.join(', ')}.`);
      }
    });
  }

  /** Resolves when a second is over in which nothing ended, and forgets what was told until then. */
  async quiet(): Promise<void> {
    await eventually(() => {
      if (this.seconds.at(-1)?.calls !== 0) {
        throw new Error('Calls end all the time.');
      }
    });
    this.text = this.text.slice(this.text.lastIndexOf('\n\n') + 2);
  }

  /** Resolves when the gateway has ended it. */
  async ended(): Promise<void> {
    await eventually(() => {
      if (!this.isOver) {
        throw new Error('The feed goes on.');
      }
    });
  }

  close(): void {
    this.response.destroy();
  }
}

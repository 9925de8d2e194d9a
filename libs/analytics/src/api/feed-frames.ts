import type { FeedNews } from '../domain/feed/usage-feed.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { toUsageView } from './usage.view.js';

/** Server-sent events. Calls alone have an id: who comes back says what the last one was that it saw. */
export const FRAMES = {
  /** A browser comes back after that. */
  opening: 'retry: 1000\n\n',
  call: (call: UsageRecord): string =>
    `id: ${call.id}\nevent: call\ndata: ${JSON.stringify(toUsageView(call))}\n\n`,
  second: (second: object): string => `event: second\ndata: ${JSON.stringify(second)}\n\n`,
  /** Calls that were not sent; null: nobody knows how many. */
  missed: (calls: number | null): string => `event: missed\ndata: ${JSON.stringify({ calls })}\n\n`,
  end: (reason: string): string => `event: end\ndata: ${JSON.stringify({ reason })}\n\n`,
};

/** News as those watchers get them who ask for the same. */
export interface Written {
  readonly bytes: Buffer;
  /** Calls among them. */
  readonly calls: number;
}

/** Writes the same news once for all who ask for the same. */
export class NewsWriter {
  private readonly written = new Map<string | null, Written>();

  constructor(private readonly news: FeedNews) {}

  /** @param projectId null: of all */
  for(projectId: string | null): Written {
    let written = this.written.get(projectId);
    if (!written) {
      const calls = this.news.calls.filter(call => projectId === null || call.projectId === projectId);
      const frames = calls.map(FRAMES.call);
      if (this.news.second) {
        frames.push(FRAMES.second(this.news.second(projectId)));
      }
      written = { bytes: Buffer.from(frames.join('')), calls: calls.length };
      this.written.set(projectId, written);
    }
    return written;
  }
}

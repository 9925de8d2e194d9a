import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { GatewayError } from '@app/shared';
import { type FeedNews, UsageFeed } from '../domain/feed/usage-feed.js';
import { FeedWatcher } from './feed-watcher.js';
import { NewsWriter } from './feed-frames.js';

const MOST_WATCHERS = 2000;
/** Then they come back, and their keys are looked at again. */
const WATCH_MS = 600_000;

export class TooManyWatchersError extends GatewayError {
  constructor() {
    super(`${MOST_WATCHERS} watch the feed of this gateway already. Close some, or ask another gateway.`, {
      status: 429,
      type: 'rate_limit_error',
      code: 'too_many_watchers',
      retryAfterMs: 60_000,
    });
  }
}

export interface Wanted {
  /** Null: calls of all projects. */
  readonly projectId: string | null;
  /** Id of the last call that was seen; null: from now on. */
  readonly after: string | null;
}

/** All who watch the feed at this gateway. */
@Injectable()
export class FeedDesk {
  private readonly watchers = new Set<FeedWatcher>();
  private isClosed = false;

  constructor(private readonly feed: UsageFeed) {
    feed.onNews(news => this.tell(news));
  }

  /**
   * Resolves when the watcher has left, or was sent away.
   *
   * @throws TooManyWatchersError (429)
   */
  async show(response: ServerResponse, { projectId, after }: Wanted): Promise<void> {
    if (this.watchers.size >= MOST_WATCHERS) {
      throw new TooManyWatchersError();
    }
    const watcher = new FeedWatcher(projectId, response);
    const closed = new Promise(resolve => response.once('close', resolve));
    watcher.open();
    if (this.isClosed || response.req.method === 'HEAD') {
      watcher.end('shutting_down');
      return;
    }
    this.catchUp(watcher, after);
    this.watchers.add(watcher);
    const expiry = setTimeout(() => watcher.end('expired'), WATCH_MS);
    await closed;
    clearTimeout(expiry);
    this.watchers.delete(watcher);
  }

  /** Sends all away: the gateway stops. */
  close(): void {
    this.isClosed = true;
    this.watchers.forEach(watcher => watcher.end('shutting_down'));
  }

  private catchUp(watcher: FeedWatcher, after: string | null): void {
    if (after !== null) {
      const calls = this.feed.since(after);
      if (calls) {
        watcher.send(new NewsWriter({ calls, second: null }).for(watcher.projectId));
      } else {
        watcher.tellGap();
      }
    }
  }

  private tell(news: FeedNews): void {
    const writer = new NewsWriter(news);
    this.watchers.forEach(watcher => watcher.send(writer.for(watcher.projectId)));
  }
}

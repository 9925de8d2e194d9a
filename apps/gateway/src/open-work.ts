import { Injectable } from '@nestjs/common';
import { FeedDesk } from '@app/analytics';
import { TranscriptionHistory } from '@app/audio';
import { UnattendedWork } from '@app/inference';
import { RealtimeService } from '@app/realtime';

/** What goes on beside the calls that the server waits for. */
@Injectable()
export class OpenWork {
  constructor(
    private readonly unattended: UnattendedWork,
    private readonly realtime: RealtimeService,
    private readonly transcriptions: TranscriptionHistory,
    private readonly feed: FeedDesk,
  ) {}

  /** Resolves when there is none. */
  async idle(): Promise<void> {
    await Promise.all([this.unattended.idle(), this.sessions(), this.transcriptions.idle()]);
  }

  /** Who watches the feed would never leave by itself. */
  sendWatchersAway(): void {
    this.feed.close();
  }

  /** Resolves when all realtime sessions are on record. */
  sessions(): Promise<void> {
    return this.realtime.idle();
  }
}

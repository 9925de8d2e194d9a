import { Injectable } from '@nestjs/common';
import { TranscriptionHistory } from '@app/audio';
import { UnattendedWork } from '@app/inference';
import { RealtimeService } from '@app/realtime';

/** What is worked on beside the requests that the server knows. */
@Injectable()
export class OpenWork {
  constructor(
    private readonly unattended: UnattendedWork,
    private readonly realtime: RealtimeService,
    private readonly transcriptions: TranscriptionHistory,
  ) {}

  /** Resolves when there is none. */
  async idle(): Promise<void> {
    await Promise.all([this.unattended.idle(), this.sessions(), this.transcriptions.idle()]);
  }

  /** Resolves when all realtime sessions are on record. */
  sessions(): Promise<void> {
    return this.realtime.idle();
  }
}

import { Injectable } from '@nestjs/common';
import { OtherGateways } from './cache/other-gateways.js';
import { BackgroundResponses } from './responses/background-responses.js';

/** Work for which nobody waits at a connection of this gateway: responses of the background, and answers that others follow elsewhere. */
@Injectable()
export class UnattendedWork {
  constructor(
    private readonly background: BackgroundResponses,
    private readonly others: OtherGateways,
  ) {}

  /** Resolves when there is none. */
  async idle(): Promise<void> {
    await Promise.all([this.background.idle(), this.others.idle()]);
  }
}

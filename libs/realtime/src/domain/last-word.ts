import type { LiveDialect } from '@app/dialects';
import { isUp } from './closes.js';
import type { Leg } from './resume/leg.js';

/** A vendor that is told to break off says what the answer has used. */
const LAST_WORD_MS = 2000;

/** What is waited for when a session is over. */
export class LastWord {
  private said = Promise.withResolvers<void>();

  /** Nothing more comes that somebody waits for. */
  hear(): void {
    this.said.resolve();
  }

  /** What an answer that nobody waits for has used, its vendor tells when it is told to break off; and what was said, when it is written down. */
  async of({ turns, vendor }: Leg, { cancel }: Pick<LiveDialect, 'cancel'>): Promise<void> {
    const isCancelled = cancel !== null && turns.areUnderWay;
    if (!isUp(vendor.socket) || (!isCancelled && !turns.areSpeechesUnderWay)) {
      return;
    }
    this.said = Promise.withResolvers();
    if (isCancelled) {
      vendor.socket.send(cancel, () => undefined);
    }
    const late = setTimeout(() => this.hear(), LAST_WORD_MS);
    await this.said.promise;
    clearTimeout(late);
  }
}

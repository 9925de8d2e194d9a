import { Injectable } from '@nestjs/common';
import { AnswerCache, type ForgottenAnswers } from '@app/optimization';
import { Clock, CLOCK_SKEW_MS, MessageNumbers } from '@app/shared';
import type { Circular } from './flight-mail.js';
import { GatewayMail } from './gateway-mail.js';

/** What the caches of gateways tell each other by way of Redis; while that is away they hear nothing. */
@Injectable()
export class CacheCirculars {
  private readonly numbers: MessageNumbers;
  /** What was sent before is about nothing that is remembered here. */
  private readonly since: number;

  constructor(
    private readonly mail: GatewayMail,
    private readonly cache: AnswerCache,
    clock: Clock,
  ) {
    this.numbers = new MessageNumbers(mail.address, clock);
    this.since = clock.now() - CLOCK_SKEW_MS;
    cache.onForget(forgotten => this.tell(forgotten));
  }

  /** Once: what somebody has recorded, and sends again, is not heard. */
  hear(circular: Circular): void {
    if (this.numbers.isNew(circular, this.since)) {
      this.cache.hear(circular.forget);
    }
  }

  /** Never throws. */
  private async tell(forget: ForgottenAnswers): Promise<void> {
    await this.mail.sendToAll({ ...this.numbers.next(), forget });
  }
}

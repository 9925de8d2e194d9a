import { Injectable } from '@nestjs/common';
import { AnswerCache, type ForgottenAnswers } from '@app/optimization';
import { Clock } from '@app/shared';
import type { Circular } from './flight-mail.js';
import { GatewayMail } from './gateway-mail.js';

/** Clocks of gateways may differ by so much. */
const CLOCK_SKEW_MS = 60_000;

/** What the caches of gateways tell each other by way of Redis; while that is away they hear nothing. */
@Injectable()
export class CacheCirculars {
  /** Of the last one that was sent. */
  private number = 0;
  /** Of the last one that was heard, by its sender. */
  private readonly heard = new Map<string, number>();
  /** What was sent before is about nothing that is remembered here. */
  private readonly since: number;

  constructor(
    private readonly mail: GatewayMail,
    private readonly cache: AnswerCache,
    private readonly clock: Clock,
  ) {
    this.since = clock.now() - CLOCK_SKEW_MS;
    cache.onForget(forgotten => this.tell(forgotten));
  }

  /** Once: what somebody has recorded, and sends again, is not heard. */
  hear({ from, number, forget }: Circular): void {
    if (from !== this.mail.address && number > (this.heard.get(from) ?? this.since)) {
      this.heard.set(from, number);
      this.cache.hear(forget);
    }
  }

  /** Never throws. */
  private async tell(forget: ForgottenAnswers): Promise<void> {
    this.number = Math.max(this.number + 1, this.clock.now());
    await this.mail.sendToAll({ from: this.mail.address, number: this.number, forget });
  }
}

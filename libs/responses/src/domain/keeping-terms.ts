import { Injectable } from '@nestjs/common';
import { Clock, Config } from '@app/shared';
import { ContextTooLargeError, TooLargeToKeepError } from './responses.errors.js';

const DAY_MS = 86_400_000;

/** Whom something is kept for. */
export interface KeptFor {
  readonly projectId: string;
  /** As the project wants it; absent: as long as the gateway keeps. 0: nothing is kept. */
  readonly responseDays?: number;
}

/** For how long and how much the gateway keeps. */
@Injectable()
export class KeepingTerms {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Unix ms. */
  get now(): number {
    return this.clock.now();
  }

  /** False when nothing is kept. */
  keeps(whose: Pick<KeptFor, 'responseDays'>): boolean {
    return this.ttlMs(whose) > 0;
  }

  /** Unix ms, of what is kept now. */
  expiresAt(whose: KeptFor): number {
    return this.now + this.ttlMs(whose);
  }

  /** @throws ContextTooLargeError (400) when no request could carry so many bytes */
  assertFits(param: string, bytes: number): void {
    const { bodyLimitBytes } = this.config;
    if (bytes > bodyLimitBytes) {
      throw new ContextTooLargeError(param, `${bytes} bytes, where ${bodyLimitBytes} are allowed`);
    }
  }

  /** @throws TooLargeToKeepError (400) when one record may not have so many bytes */
  assertKeepable(bytes: number): void {
    const { responsesLimitBytes } = this.config;
    if (bytes > responsesLimitBytes) {
      throw new TooLargeToKeepError(bytes, responsesLimitBytes);
    }
  }

  private ttlMs({ responseDays }: Pick<KeptFor, 'responseDays'>): number {
    return responseDays === undefined ? this.config.responsesTtlMs : responseDays * DAY_MS;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock, Config } from '@app/shared';
import { ContextTooLargeError, TooLargeToKeepError } from './responses.errors.js';

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

  /** False when this gateway keeps nothing. */
  get isOn(): boolean {
    return this.config.responsesTtlMs > 0;
  }

  /** Unix ms, of what is kept now. */
  get expiresAt(): number {
    return this.now + this.config.responsesTtlMs;
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
}

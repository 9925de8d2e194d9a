import { Clock } from '@app/shared';

/** A clock that stands still until it is told to go on. */
export class TestClock extends Clock {
  private passedMs = 0;

  constructor(private readonly startedAt = Date.UTC(2026, 10, 24)) {
    super();
  }

  override now(): number {
    return this.startedAt + this.passedMs;
  }

  override ticks(): number {
    return this.passedMs;
  }

  advance(ms: number): void {
    this.passedMs += ms;
  }
}

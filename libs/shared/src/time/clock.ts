import { Injectable } from '@nestjs/common';

/** The time, injected so that a test which needs time gets a clock instead of sleeping. */
@Injectable()
export class Clock {
  /** Wall clock, Unix ms: for what is stored and shown. */
  now(): number {
    return Date.now();
  }

  /** Monotonic ms, for durations: a wall clock that is set back must not make a cached key live longer. */
  ticks(): number {
    return performance.now();
  }
}

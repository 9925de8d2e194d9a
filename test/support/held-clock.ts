import type { Clock } from '@app/shared';

/** Stops the clock of a gateway that runs: from then on time passes as it is told. Timers and sockets go on by themselves. */
export function holdClock(clock: Clock): { advance(ms: number): void } {
  const [startedAt, startedTicks] = [clock.now(), Math.ceil(clock.ticks())];
  let passedMs = 0;
  Object.assign(clock, { now: () => startedAt + passedMs, ticks: () => startedTicks + passedMs });
  return {
    advance(ms) {
      passedMs += ms;
    },
  };
}

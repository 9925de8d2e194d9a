import type { VoiceFacts } from './voice-facts.entity.js';

/** What all realtime sessions since the start of the gateway add up to. Times in seconds. */
export class VoiceTotals {
  readonly answers = { count: 0, seconds: 0 };
  readonly bargeIns = { count: 0, seconds: 0 };
  readonly frames = { count: 0, seconds: 0 };
  pausedSeconds = 0;

  add({ firstSoundMs, bargeInMs, relay }: VoiceFacts): void {
    grow(this.answers, firstSoundMs);
    grow(this.bargeIns, bargeInMs);
    if (relay) {
      this.frames.count += relay.frames;
      this.frames.seconds += (relay.frames * relay.meanUs) / 1e6;
      this.pausedSeconds += relay.pausedMs / 1000;
    }
  }
}

function grow(sum: { count: number; seconds: number }, ms: number | null): void {
  if (ms !== null) {
    sum.count += 1;
    sum.seconds += ms / 1000;
  }
}

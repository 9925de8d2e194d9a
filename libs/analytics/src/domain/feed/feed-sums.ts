import type { UsageRecord } from '../usage-record.entity.js';
import type { FeedSecond, Percentiles } from './feed-second.entity.js';
import { Sketch, type SketchCounts } from './sketch.js';

const COUNTS = [
  'calls',
  'failedCalls',
  'abortedCalls',
  'cachedCalls',
  'inputTokens',
  'outputTokens',
  'costNanoUsd',
  'savedNanoUsd',
  'frames',
  'framesHeldUs',
] as const;
/** Of each a percentile is told. */
const TIMES = ['latencyMs', 'firstTokenMs', 'firstSoundMs', 'bargeInMs'] as const;

type Count = (typeof COUNTS)[number];
type Time = (typeof TIMES)[number];

/** As they go from gateway to gateway. */
export interface ToldSums {
  readonly counts: readonly number[];
  readonly times: readonly SketchCounts[];
  readonly frameP99Us: number;
}

/** What the calls of a moment add up to; those of several gateways can be put together. */
export class FeedSums {
  private readonly counts = COUNTS.map(() => 0);
  private readonly times = TIMES.map(() => new Sketch());
  private frameP99Us = 0;

  /** On the path of every call. */
  add(call: UsageRecord): void {
    this.count('calls', 1);
    this.count('failedCalls', call.outcome === 'failed' || call.outcome === 'cut' ? 1 : 0);
    this.count('abortedCalls', call.outcome === 'aborted' ? 1 : 0);
    this.count('cachedCalls', call.cached ? 1 : 0);
    this.count('inputTokens', call.inputTokens);
    this.count('outputTokens', call.outputTokens);
    this.count('costNanoUsd', call.costNanoUsd ?? 0);
    this.count('savedNanoUsd', call.savedNanoUsd);
    if (!call.voice?.relay) {
      this.time('latencyMs', call.latencyMs); // a session lasts as long as its caller likes
    }
    this.time('firstTokenMs', call.firstTokenMs);
    if (call.voice) {
      this.addVoice(call.voice);
    }
  }

  merge({ counts, times, frameP99Us }: ToldSums): void {
    COUNTS.forEach((name, at) => this.count(name, counts[at] ?? 0));
    TIMES.forEach((_, at) => this.times[at]?.merge(times[at] ?? []));
    this.frameP99Us = Math.max(this.frameP99Us, frameP99Us);
  }

  toJSON(): ToldSums {
    const { counts, frameP99Us } = this;
    return { counts, times: this.times.map(sketch => sketch.toJSON()), frameP99Us };
  }

  shown(): Omit<FeedSecond, 'at' | 'gateways' | 'shownCalls'> {
    const { frames, framesHeldUs, ...counts } = Object.fromEntries(
      COUNTS.map((name, at) => [name, this.counts[at] ?? 0]),
    ) as Record<Count, number>;
    const times = Object.fromEntries(
      TIMES.map((name, at) => [name, percentiles(this.times[at])]),
    ) as unknown as Record<Time, Percentiles | null>;
    const relay = { frames, meanUs: Math.round(framesHeldUs / frames), p99Us: this.frameP99Us };
    return { ...counts, ...times, relay: frames === 0 ? null : relay };
  }

  private addVoice({ firstSoundMs, bargeInMs, relay }: NonNullable<UsageRecord['voice']>): void {
    this.time('firstSoundMs', firstSoundMs);
    this.time('bargeInMs', bargeInMs);
    if (relay) {
      this.count('frames', relay.frames);
      this.count('framesHeldUs', relay.frames * relay.meanUs);
      this.frameP99Us = Math.max(this.frameP99Us, relay.p99Us);
    }
  }

  private count(name: Count, count: number): void {
    const at = COUNTS.indexOf(name);
    this.counts[at] = (this.counts[at] ?? 0) + count;
  }

  private time(name: Time, ms: number | null): void {
    if (ms !== null) {
      this.times[TIMES.indexOf(name)]?.add(ms);
    }
  }
}

function percentiles(sketch: Sketch | undefined): Percentiles | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => sketch?.quantile(share) ?? null);
  return typeof p50 === 'number' && typeof p95 === 'number' && typeof p99 === 'number'
    ? { p50, p95, p99 }
    : null;
}

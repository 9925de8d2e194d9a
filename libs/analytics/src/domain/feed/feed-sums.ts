import type { UsageRecord } from '../usage-record.entity.js';
import type { FeedSecond, Percentiles } from './feed-second.entity.js';
import { Sketch, type SketchCounts } from '../sketch.js';

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
  readonly counts: Readonly<Record<Count, number>>;
  readonly times: Readonly<Record<Time, SketchCounts>>;
  readonly frameP99Us: number;
}

/** What the calls of a moment add up to; those of several gateways can be put together. */
export class FeedSums {
  private readonly counts = Object.fromEntries(COUNTS.map(name => [name, 0])) as Record<Count, number>;
  private readonly times = byTime(() => new Sketch());
  private frameP99Us = 0;

  /** On the path of every call. */
  add(call: UsageRecord): void {
    const { counts, times } = this;
    counts.calls += 1;
    counts.failedCalls += call.outcome === 'failed' || call.outcome === 'cut' ? 1 : 0;
    counts.abortedCalls += call.outcome === 'aborted' ? 1 : 0;
    counts.cachedCalls += call.cached ? 1 : 0;
    counts.inputTokens += call.inputTokens;
    counts.outputTokens += call.outputTokens;
    counts.costNanoUsd += call.costNanoUsd ?? 0;
    counts.savedNanoUsd += call.savedNanoUsd;
    if (!call.voice?.relay) {
      times.latencyMs.add(call.latencyMs); // a session lasts as long as its caller likes
    }
    addTo(times.firstTokenMs, call.firstTokenMs);
    if (call.voice) {
      this.addVoice(call.voice);
    }
  }

  merge({ counts, times, frameP99Us }: ToldSums): void {
    COUNTS.forEach(name => (this.counts[name] += counts[name]));
    TIMES.forEach(name => this.times[name].merge(times[name]));
    this.frameP99Us = Math.max(this.frameP99Us, frameP99Us);
  }

  toJSON(): ToldSums {
    const { counts, frameP99Us } = this;
    return { counts, times: byTime(name => this.times[name].toJSON()), frameP99Us };
  }

  shown(): Omit<FeedSecond, 'at' | 'gateways' | 'shownCalls'> {
    const { frames, framesHeldUs, ...counts } = this.counts;
    const relay = { frames, meanUs: Math.round(framesHeldUs / frames), p99Us: this.frameP99Us };
    return {
      ...counts,
      ...byTime(name => percentiles(this.times[name])),
      relay: frames === 0 ? null : relay,
    };
  }

  private addVoice({ firstSoundMs, bargeInMs, relay }: NonNullable<UsageRecord['voice']>): void {
    const { counts, times } = this;
    addTo(times.firstSoundMs, firstSoundMs);
    addTo(times.bargeInMs, bargeInMs);
    if (relay) {
      counts.frames += relay.frames;
      counts.framesHeldUs += relay.frames * relay.meanUs;
      this.frameP99Us = Math.max(this.frameP99Us, relay.p99Us);
    }
  }
}

function byTime<Value>(valueOf: (name: Time) => Value): Record<Time, Value> {
  return Object.fromEntries(TIMES.map(name => [name, valueOf(name)])) as Record<Time, Value>;
}

function addTo(sketch: Sketch, ms: number | null): void {
  if (ms !== null) {
    sketch.add(ms);
  }
}

function percentiles(sketch: Sketch): Percentiles | null {
  const [p50, p95, p99] = [sketch.quantile(0.5), sketch.quantile(0.95), sketch.quantile(0.99)];
  return p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 };
}

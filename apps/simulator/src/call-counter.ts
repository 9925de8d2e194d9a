import type { UpstreamCall } from './faults.js';

/** Calls of one model of one vendor. */
export interface CallCount {
  calls: number;
  /** By the last four characters of the key. */
  readonly keys: Record<string, number>;
}

/** By vendor, then by model; what has no model is under `-`. */
export type CallCounts = Readonly<Record<string, Readonly<Record<string, Readonly<CallCount>>>>>;

/** Counts what the vendors were asked, refused and failed calls too: all that passed the checks of key and body. */
export class CallCounter {
  private counts: Record<string, Record<string, CallCount>> = {};

  add({ vendor, model = '-', key }: UpstreamCall): void {
    const models = (this.counts[vendor] ??= {});
    const count = (models[model] ??= { calls: 0, keys: {} });
    count.calls += 1;
    count.keys[key] = (count.keys[key] ?? 0) + 1;
  }

  current(): CallCounts {
    return structuredClone(this.counts);
  }

  clear(): void {
    this.counts = {};
  }
}

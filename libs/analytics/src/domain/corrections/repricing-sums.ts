import type { UsageRecord } from '../usage-record.entity.js';
import { SKIP_REASONS, type SkipReason } from './repriced.js';

/** Of these the report tells, those with the largest differences. */
const MOST_MODELS = 50;

/** Nano-USD as whole numbers in text: sums go beyond what JSON's numbers hold exactly. */
export interface RepricingSum {
  readonly changed: number;
  readonly oldNanoUsd: string;
  readonly newNanoUsd: string;
  readonly differenceNanoUsd: string;
}

export interface ModelSum extends RepricingSum {
  readonly provider: string | null;
  readonly model: string | null;
  readonly records: number;
}

/** What a repricing found. The sums are of the records that were reckoned anew. */
export interface RepricingSummary extends RepricingSum {
  readonly records: number;
  /** By these prices the cost is not known: such a record keeps the cost that it has. */
  readonly unknown: number;
  readonly skipped: Readonly<Record<SkipReason, number>>;
  readonly models: ModelSum[];
}

interface Sum {
  readonly provider: string | null;
  readonly model: string | null;
  records: number;
  changed: number;
  before: bigint;
  after: bigint;
}

/** Adds up what becomes of each record. */
export class RepricingSums {
  private readonly all: Sum = newSum(null, null);
  private readonly models = new Map<string, Sum>();
  private records = 0;
  private unknown = 0;
  private readonly skipped = Object.fromEntries(SKIP_REASONS.map(reason => [reason, 0])) as Record<
    SkipReason,
    number
  >;

  skip(reason: SkipReason): void {
    this.records += 1;
    this.skipped[reason] += 1;
  }

  noteUnknown(): void {
    this.records += 1;
    this.unknown += 1;
  }

  /** @param before nano-USD, null when it was not known; so counts as 0 */
  add({ provider, modelUsed }: UsageRecord, before: number | null, after: number): void {
    this.records += 1;
    const key = `${provider}/${modelUsed}`;
    let model = this.models.get(key);
    if (!model) {
      model = newSum(provider, modelUsed);
      this.models.set(key, model);
    }
    for (const sum of [this.all, model]) {
      sum.records += 1;
      sum.changed += before === after ? 0 : 1;
      sum.before += BigInt(before ?? 0);
      sum.after += BigInt(after);
    }
  }

  summary(): RepricingSummary {
    const { records, unknown, skipped } = this;
    const models = [...this.models.values()].toSorted(byDifference).slice(0, MOST_MODELS);
    return {
      records,
      unknown,
      skipped,
      ...told(this.all),
      models: models.map(sum => ({
        provider: sum.provider,
        model: sum.model,
        records: sum.records,
        ...told(sum),
      })),
    };
  }
}

function newSum(provider: string | null, model: string | null): Sum {
  return { provider, model, records: 0, changed: 0, before: 0n, after: 0n };
}

function told({ changed, before, after }: Sum): RepricingSum {
  return {
    changed,
    oldNanoUsd: String(before),
    newNanoUsd: String(after),
    differenceNanoUsd: String(after - before),
  };
}

/** Largest first, whichever way. */
function byDifference(a: Sum, b: Sum): number {
  const [first, second] = [differenceOf(a), differenceOf(b)];
  return first === second ? 0 : first > second ? -1 : 1;
}

function differenceOf({ before, after }: Sum): bigint {
  return after > before ? after - before : before - after;
}

/** What one model of one vendor sold. Tokens; `input` includes `cached` and `cache_written`, `output` includes `reasoning`. */
export interface BillLine {
  calls: number;
  input: number;
  cached: number;
  cache_written: number;
  output: number;
  reasoning: number;
  /** Only of models that bill by time. */
  audio_seconds: number;
}

/** By vendor, then by model. */
export type Bill = Readonly<Record<string, Readonly<Record<string, Readonly<BillLine>>>>>;

const EMPTY: Readonly<BillLine> = {
  calls: 0,
  input: 0,
  cached: 0,
  cache_written: 0,
  output: 0,
  reasoning: 0,
  audio_seconds: 0,
};

/**
 * The vendor's own account: everything that was generated, also for a caller who had left by then, and nothing for
 * calls that were refused. A ledger is right when it agrees with this.
 */
export class BillKeeper {
  private lines: Record<string, Record<string, BillLine>> = {};

  add(vendor: string, model: string, sold: Partial<Omit<BillLine, 'calls'>>): void {
    const models = (this.lines[vendor] ??= {});
    const line = (models[model] ??= { ...EMPTY });
    line.calls += 1;
    line.input += sold.input ?? 0;
    line.cached += sold.cached ?? 0;
    line.cache_written += sold.cache_written ?? 0;
    line.output += sold.output ?? 0;
    line.reasoning += sold.reasoning ?? 0;
    line.audio_seconds += sold.audio_seconds ?? 0;
  }

  current(): Bill {
    return structuredClone(this.lines);
  }

  clear(): void {
    this.lines = {};
  }
}

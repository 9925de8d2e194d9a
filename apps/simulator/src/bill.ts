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
  /** Of texts that were spoken, only of models that bill by them. */
  characters: number;
  /** Of the input and of the output; only of realtime models. */
  audio_input?: number;
  audio_output?: number;
}

/** What one call sold, for a caller who asked for a receipt. */
export interface Receipt extends Readonly<Omit<BillLine, 'calls'>> {
  /** The name that the prompt gave it. */
  readonly name: string;
  readonly vendor: string;
  readonly model: string;
}

/** By vendor, then by model. */
export type Bill = Readonly<Record<string, Readonly<Record<string, Readonly<BillLine>>>>>;

const NOTHING: Readonly<Omit<BillLine, 'calls' | 'audio_input' | 'audio_output'>> = {
  input: 0,
  cached: 0,
  cache_written: 0,
  output: 0,
  reasoning: 0,
  audio_seconds: 0,
  characters: 0,
};

/**
 * The vendor's own account: everything that was generated, also for a caller who had left by then, and nothing for
 * calls that were refused. A ledger is right when it agrees with this.
 */
export class BillKeeper {
  private lines: Record<string, Record<string, BillLine>> = {};
  private receipts: Receipt[] = [];

  /** @param receipt the name of the receipt that is asked for, if one is */
  add(vendor: string, model: string, sold: Partial<Omit<BillLine, 'calls'>>, receipt?: string): void {
    if (receipt !== undefined) {
      this.receipts.push({ name: receipt, vendor, model, ...NOTHING, ...sold });
    }
    const models = (this.lines[vendor] ??= {});
    const line = (models[model] ??= { calls: 0, ...NOTHING });
    line.calls += 1;
    line.input += sold.input ?? 0;
    line.cached += sold.cached ?? 0;
    line.cache_written += sold.cache_written ?? 0;
    line.output += sold.output ?? 0;
    line.reasoning += sold.reasoning ?? 0;
    line.audio_seconds += sold.audio_seconds ?? 0;
    line.characters += sold.characters ?? 0;
    if (sold.audio_input !== undefined || sold.audio_output !== undefined) {
      line.audio_input = (line.audio_input ?? 0) + (sold.audio_input ?? 0);
      line.audio_output = (line.audio_output ?? 0) + (sold.audio_output ?? 0);
    }
  }

  current(): Bill {
    return structuredClone(this.lines);
  }

  /** In the order in which they were sold. */
  issued(): readonly Receipt[] {
    return [...this.receipts];
  }

  clear(): void {
    this.receipts = [];
    this.lines = {};
  }
}

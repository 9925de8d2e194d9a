import { Injectable } from '@nestjs/common';
import { Charges } from '@app/budgets';
import { DecisionRepository } from './decision.repository.js';
import { decisionText } from './decision-text.js';
import type { UsageDecision } from './usage-decision.entity.js';
import { UsageRepository } from './usage.repository.js';
import type { BatchId, SpooledCall } from './usage-spool.js';

/** What the store has of calls: their records, how their vendors were chosen, and what budgets pay for them. */
@Injectable()
export class Ledger {
  constructor(
    private readonly records: UsageRepository,
    private readonly decisions: DecisionRepository,
    private readonly charges: Charges,
  ) {}

  /**
   * Takes a batch of at most 200 calls. The same batch again, by its identity, changes nothing.
   *
   * @throws StoreUnavailableError (503): some of it may be there; the same batch again adds the rest
   */
  async write(batch: BatchId, calls: readonly SpooledCall[]): Promise<void> {
    const charges = calls.flatMap(({ charge }) => charge ?? []);
    const decided = calls.flatMap(decisionOf);
    if (charges.length > 0) {
      await this.charges.apply({ process: batch.spool, seq: batch.seq }, charges);
    }
    for (const { settlement } of calls) {
      if (settlement) {
        await this.charges.settle(settlement);
      }
    }
    if (decided.length > 0) {
      await this.decisions.insertMany(decided); // first: who finds the record finds its decision
    }
    await this.records.insertMany(
      calls.map(({ usage }) => usage),
      batch,
    );
  }

  /** Which of these ids have a record; at most 200 are asked for. */
  known(ids: readonly string[]): Promise<string[]> {
    return this.records.known(ids);
  }

  /** A process is no more, and all its calls were written: what budgets had set aside for it is free. @throws StoreUnavailableError (503) */
  release(process: string): Promise<void> {
    return this.charges.release(process);
  }
}

function decisionOf({ usage, decision }: SpooledCall): UsageDecision[] {
  const { id, projectId, receivedAt } = usage;
  return decision ? [{ id, projectId, decision: decisionText(decision), receivedAt }] : [];
}

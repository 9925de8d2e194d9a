import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { Charges } from '@app/budgets';
import { type Author, ConflictError, NotFoundError } from '@app/shared';
import type { UsageRecord } from '../usage-record.entity.js';
import { UsageRepository } from '../usage.repository.js';
import { CorrectionRepository } from './correction.repository.js';
import { correctionOf, costNow, SETTLED } from './correction-chain.js';
import type { UsageCorrection } from './usage-correction.entity.js';

/** Writes down what calls cost that nobody measured, once somebody found out; as a rule from the vendor's bill. */
@Injectable()
export class Settling {
  constructor(
    private readonly records: UsageRepository,
    private readonly corrections: CorrectionRepository,
    private readonly charges: Charges,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Leaves a correction beside the record, and corrects what budgets paid. The same cost again leaves none, and makes up for what
   * a crash kept from being corrected.
   *
   * @throws NotFoundError for an unknown call
   * @throws ConflictError (409) for one whose cost is known by what its vendor told, or that somebody else settles at the same time
   * @throws StoreUnavailableError (503): then it is to be settled again
   */
  async settle(by: Author, id: string, costNanoUsd: number): Promise<void> {
    const record = await this.records.findById(id);
    if (!record) {
      throw new NotFoundError('Call', id);
    }
    if (record.outcome !== 'unsettled' && !record.estimated && record.costNanoUsd !== null) {
      throw new ConflictError(
        'What this call used, and cost, is known since it ended. Reprice it where its price was wrong.',
        'not_unsettled',
      );
    }
    let last = (await this.corrections.findOf([id])).at(-1);
    if (last?.toVersion !== SETTLED || last.costNanoUsd !== costNanoUsd) {
      last = await this.correct(by, record, last, costNanoUsd);
    }
    const paid = record.budgetCharges ?? [];
    await this.charges.settle({ call: id, number: last.number, paid, nanoUsd: costNanoUsd });
  }

  private async correct(
    by: Author,
    record: UsageRecord,
    last: UsageCorrection | undefined,
    cost: number,
  ): Promise<UsageCorrection> {
    const { id, projectId } = record;
    const correction = correctionOf(record, last, { cost, version: SETTLED }, by);
    const change = {
      action: 'usage.settle',
      targetId: id,
      projectId,
      before: { costNanoUsd: costNow(record, last) },
      after: { costNanoUsd: cost },
    };
    return this.audit.tell(by, change, async () => {
      await this.corrections.insertMany([correction]);
      const stored = (await this.corrections.findOf([id])).find(({ number }) => number === correction.number);
      if (stored?.toVersion !== SETTLED || stored.costNanoUsd !== cost) {
        throw new ConflictError(
          'Somebody else settles this call at the same time. Look at it again.',
          'settled_meanwhile',
        );
      }
      return stored;
    });
  }
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { type Author, ConflictError, NotFoundError } from '@app/shared';
import { UsageRepository } from '../usage.repository.js';
import { CorrectionRepository } from './correction.repository.js';
import { correctionOf, costNow } from './correction-chain.js';

/** In the place of a version of the prices: somebody said what the call cost. */
const SAID = 'settled';

/** Writes down what calls cost whose end no gateway lived to see, once somebody found out; as a rule from the vendor's bill. */
@Injectable()
export class Settling {
  constructor(
    private readonly records: UsageRepository,
    private readonly corrections: CorrectionRepository,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Leaves a correction beside the record; the same cost again leaves none.
   *
   * @throws NotFoundError for an unknown call
   * @throws ConflictError (409) for one that was settled when it ended, or that somebody else settles at the same time
   */
  async settle(by: Author, id: string, costNanoUsd: number): Promise<void> {
    const record = await this.records.findById(id);
    if (!record) {
      throw new NotFoundError('Call', id);
    }
    if (record.outcome !== 'unsettled') {
      throw new ConflictError(
        'What this call cost is known since it ended. Reprice it where its price was wrong.',
        'not_unsettled',
      );
    }
    const last = (await this.corrections.findOf([id])).at(-1);
    const before = costNow(record, last);
    if (before === costNanoUsd) {
      return;
    }
    const correction = correctionOf(record, last, { cost: costNanoUsd, version: SAID }, by);
    const { projectId } = record;
    const change = {
      action: 'usage.settle',
      targetId: id,
      projectId,
      before: { costNanoUsd: before },
      after: { costNanoUsd },
    };
    await this.audit.tell(by, change, async () => {
      await this.corrections.insertMany([correction]);
      const stored = (await this.corrections.findOf([id])).find(({ number }) => number === correction.number);
      if (stored?.costNanoUsd !== costNanoUsd) {
        throw new ConflictError(
          'Somebody else settles this call at the same time. Look at it again.',
          'settled_meanwhile',
        );
      }
    });
  }
}

import type { mongo } from 'mongoose';
import { isDuplicateKey } from '@app/shared';
import { differences, mendedTogether, mendEach } from '../domain/rollups/differences.js';
import type { Difference, Mending } from '../domain/rollups/rollup.repository.js';
import { sumsOnly } from '../domain/rollups/usage-hour.js';
import { LedgerDocuments } from './ledger.documents.js';
import { type AnyModel, ofDocument, UsageHourDocuments } from './usage-hour.documents.js';
import { type StoredHour, storedSums, storedTimes, toHour } from './usage-hour.schema.js';

/** Compares rollups of an hour with the ledger. */
export class HourMending {
  private readonly rollups: Readonly<Record<'hours' | 'labels', UsageHourDocuments>>;
  private readonly ledger: LedgerDocuments;

  constructor(model: AnyModel) {
    this.rollups = {
      hours: new UsageHourDocuments(model, 'usage_hours'),
      labels: new UsageHourDocuments(model, 'usage_label_hours'),
    };
    this.ledger = new LedgerDocuments(model);
  }

  /** Also those by label. */
  async mend(hour: number): Promise<Mending> {
    return mendedTogether([await this.mendIn('hours', hour), await this.mendIn('labels', hour)]);
  }

  private async mendIn(which: 'hours' | 'labels', hour: number): Promise<Mending> {
    const rollups = this.rollups[which];
    const stored = await rollups.hours.find({ hour }).toArray();
    const { hours, seqs } = await this.ledger.of(hour, stored, which);
    const found = differences(stored.map(toHour), hours);
    if (found.length > 0) {
      await rollups.markDays([{ hour }]);
    }
    return mendEach(found, difference => replace(rollups, difference, seqs));
  }
}

/** False when it has changed meanwhile. What half-applied batches have in the ledger it has then, too. */
async function replace(
  rollups: UsageHourDocuments,
  { told, ledger }: Difference,
  seqs: Readonly<Record<string, number>>,
): Promise<boolean> {
  const stored = { ...storedSums(sumsOnly(ledger)), times: storedTimes(ledger.times) };
  if (!told) {
    const document = { _id: ledger.id, ...ofDocument(ledger), ...stored, seqs };
    try {
      await rollups.hours.insertOne(document);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) {
        return false;
      }
      throw error;
    }
  }
  const unchanged = { _id: told.id, ...storedSums(sumsOnly(told)) } as mongo.Filter<StoredHour>;
  const has = Object.fromEntries(Object.entries(seqs).map(([spool, seq]) => [`seqs.${spool}`, seq]));
  const { modifiedCount } = await rollups.hours.updateOne(unchanged, {
    $set: stored,
    $unset: { packed: '' },
    ...(Object.keys(has).length > 0 && { $max: has }),
  });
  return modifiedCount > 0;
}

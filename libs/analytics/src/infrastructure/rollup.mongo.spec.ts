import type { MongoDatabase } from '@app/shared';
import type { Model } from 'mongoose';
import { MONGODB_TEST_URI, openInMongo } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { type Rollups, ledgerOf, openRollups, toldBy } from '../../../../test/support/rollups.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import { hourOf, labelHours, usageHours } from '../domain/rollups/usage-hour.js';
import { correctionSchema, toDocument as toCorrectionDocument } from './correction.schema.js';
import { insertDocuments } from './insert-documents.js';
import { PendingCorrections } from './pending-correction.documents.js';
import { UsageHourDocuments } from './usage-hour.documents.js';
import { toDocument, type UsageDocument, usageSchema } from './usage.schema.js';

/** The steps of a write, of which a kill leaves the first ones. */
(MONGODB_TEST_URI === undefined ? describe.skip : describe)(
  'rollups in MongoDB after a kill between two writes',
  () => {
    const records = [
      { keyId: 'key-1', endUser: 'ada', tags: ['night'] },
      { keyId: 'key-2', endUser: 'bob' },
      { keyId: 'key-3', tags: ['night'] },
    ].map(aUsageRecord);
    const hour = hourOf(records[0]?.receivedAt ?? 0);
    let database: MongoDatabase;
    let ledger: Rollups;
    let usage: Model<UsageDocument>;
    let steps: UsageHourDocuments;
    let labelSteps: UsageHourDocuments;

    beforeEach(async () => {
      database = (await openInMongo(MONGODB_TEST_URI ?? '')) as MongoDatabase;
      ledger = await openRollups(database);
      usage = await database.model(usageSchema);
      steps = new UsageHourDocuments(usage, 'usage_hours');
      labelSteps = new UsageHourDocuments(usage, 'usage_label_hours');
    });
    afterEach(() => database.close());

    it.each([
      [0, 2],
      [0, 3],
      [1, 3],
      [3, 3],
    ])(
      'have all of a batch of which %i rollups and %i records were written, when it comes again',
      async (rollups, written) => {
        const batch = aBatch();
        await insertDocuments(
          usage,
          records.slice(0, written).map(record => toDocument(record, batch)),
        );
        await steps.addBatch(usageHours(records).slice(0, rollups), batch);
        await labelSteps.addBatch(labelHours(records).slice(0, Math.max(0, rollups - 1)), batch);
        await ledger.usage.insertMany(records, batch);
        await ledger.usage.insertMany(records, batch);

        const told = await toldBy(ledger);
        expect(told).toEqual(await ledgerOf(ledger));
        expect(told).toHaveLength(3 + 4);
        await expect(ledger.rollups.mend(hour)).resolves.toEqual({ differences: [], isDone: true });
      },
    );

    it('are not mended while nothing of a batch has reached them, and have it once when it does', async () => {
      const batch = aBatch();
      await insertDocuments(
        usage,
        records.slice(0, 2).map(record => toDocument(record, batch)),
      );
      await expect(ledger.rollups.mend(hour)).resolves.toEqual({ differences: [], isDone: true });
      await ledger.usage.insertMany(records, batch);

      expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
    });

    it('are mended when some have a batch and others not, and do not get it a second time', async () => {
      const batch = aBatch();
      await insertDocuments(
        usage,
        records.map(record => toDocument(record, batch)),
      );
      await steps.addBatch(usageHours(records).slice(0, 1), batch);
      await labelSteps.addBatch(labelHours(records).slice(0, 1), batch);
      const { differences } = await ledger.rollups.mend(hour);
      expect(differences).toHaveLength(2 + 3);
      expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
      await ledger.usage.insertMany(records, batch);

      expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
    });

    it.each([0, 1, 3])(
      'have corrections of which %i of their rollups knew, after the next look',
      async known => {
        await ledger.usage.insertMany(records, aBatch());
        const long = { ...BY, at: Date.now() - 3_600_000 };
        const corrections = records.map(record =>
          correctionOf(record, undefined, { cost: 7, version: '2' }, long),
        );
        const pending = new PendingCorrections(usage);
        await insertDocuments(
          await database.model(correctionSchema),
          corrections.map(correction => toCorrectionDocument(correction, 'mark')),
        );
        const { hours, labels } = await pending.hoursOf(corrections);
        await steps.addCorrections(hours.slice(0, known), 'mark');
        await labelSteps.addCorrections(labels.slice(0, known), 'mark');
        await expect(ledger.rollups.mend(hour)).resolves.toEqual({ differences: [], isDone: true });

        expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
        await expect(steps.hours.countDocuments({ corrections: 'mark' })).resolves.toBe(0);
        await expect(labelSteps.hours.countDocuments({ corrections: 'mark' })).resolves.toBe(0);
      },
    );

    it('know records of an earlier release, which are no part of a batch', async () => {
      const { batch: _none, ...older } = toDocument(aUsageRecord(), aBatch());
      await insertDocuments(usage, [older]);
      const { differences } = await ledger.rollups.mend(hour);

      expect(differences).toMatchObject([{ told: null, ledger: { calls: 1 } }]);
      expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
    });
  },
);

import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import {
  expectSameAsLedger,
  openRollups,
  type Rollups,
  spoilPacked,
  toldBy,
} from '../../../../test/support/rollups.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import { TimeSketches } from '../domain/rollups/call-times.js';
import { hourOf } from '../domain/rollups/usage-hour.js';
import { addTimes } from './rollup-times.js';

const NOON = Date.UTC(2026, 10, 24, 12);

describe.each(await databases())('packed distributions on %s', (_, open) => {
  let database: Database;
  let ledger: Rollups;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
  });
  afterEach(() => database.close());

  it('packs distributions of an hour, and adds what comes later, and mends those, too', async () => {
    const [early, late] = [aUsageRecord({ latencyMs: 70, firstTokenMs: 30 }), aUsageRecord({ latencyMs: 9 })];
    await ledger.usage.insertMany([early, aUsageRecord({ keyId: 'other' })], aBatch());
    const before = await toldBy(ledger);
    await Promise.all([1, 2, 3].map(() => ledger.rollups.pack(hourOf(NOON))));
    expect(await toldBy(ledger)).toEqual(before);
    await ledger.usage.insertMany([late, aUsageRecord({ keyId: 'third' })], aBatch());
    await expectSameAsLedger(ledger, 3);
    await ledger.rollups.pack(hourOf(NOON));
    await Promise.all(
      Array.from({ length: 8 }, (__, at) =>
        at % 2 === 0
          ? ledger.rollups.pack(hourOf(NOON))
          : ledger.usage.insertMany(
              [aUsageRecord({ latencyMs: at * 100, keyId: `key-${at % 3}` })],
              aBatch(),
            ),
      ),
    );
    await expectSameAsLedger(ledger, 5);
    await ledger.corrections.insertMany([correctionOf(early, undefined, { cost: 5, version: '2' }, BY)]);
    await expectSameAsLedger(ledger, 5);
    const right = await toldBy(ledger);
    await ledger.rollups.pack(hourOf(NOON));
    await spoilPacked(database);
    expect(await toldBy(ledger)).not.toEqual(right);
    await ledger.rollups.mend(hourOf(NOON));
    expect(await toldBy(ledger)).toEqual(right);
  });

  it('misses none that is packed while it is read', async () => {
    if (database.kind !== 'sql') {
      return; // a document has both, and is read at once
    }
    await ledger.usage.insertMany(
      [aUsageRecord({ latencyMs: 70 }), aUsageRecord({ latencyMs: 70 })],
      aBatch(),
    );
    const { sql } = database;
    const rollups = await sql.selectFrom('usage_hours').select(['id', 'times']).execute();
    await ledger.rollups.pack(hourOf(NOON));
    const found = new TimeSketches();
    await addTimes(sql, rollups, () => found);

    expect(rollups.map(({ times }) => times as unknown)).toEqual([null]);
    expect(found.of('latencyMs').size).toBe(2);
  });
});

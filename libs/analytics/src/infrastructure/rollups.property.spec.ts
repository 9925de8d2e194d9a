import { openInMemory } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { fc } from '../../../../test/support/properties.js';
import { ledgerOf, openRollups, toldBy } from '../../../../test/support/rollups.js';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import { HOUR_MS } from '../domain/rollups/usage-hour.js';
import { OUTCOMES } from '../domain/usage-record.entity.js';

const count = fc.nat(1_000_000);
const records = fc
  .record({
    id: fc.nat(60).map(String),
    projectId: fc.constantFrom('p-1', 'p-2'),
    keyId: fc.constantFrom('k-1', 'k-2'),
    provider: fc.constantFrom('openai', '', null),
    modelUsed: fc.constantFrom('m', null),
    endUser: fc.constantFrom('ada', 'Ada', ' ', null),
    tags: fc.uniqueArray(fc.constantFrom('ada', 'night', '%', '"'), { maxLength: 3 }),
    outcome: fc.constantFrom(...OUTCOMES),
    estimated: fc.boolean(),
    inputTokens: count,
    outputTokens: count,
    audioMs: fc.option(count),
    costNanoUsd: fc.option(fc.nat(Number.MAX_SAFE_INTEGER)),
    savedNanoUsd: fc.maxSafeInteger(),
    latencyMs: fc.nat(100_000),
    firstTokenMs: fc.option(fc.nat(10_000)),
    receivedAt: fc.nat(3 * HOUR_MS),
  })
  .map(aUsageRecord);
const batches = fc.array(
  fc.record({
    spool: fc.constantFrom('a', 'b'),
    records: fc.array(records, { minLength: 1, maxLength: 30 }),
    shipped: fc.integer({ min: 1, max: 3 }),
    /** An hour that is over by then. */
    packed: fc.option(fc.nat(3)),
    /** Which of the records get corrected then, by two gateways at once, and to what. */
    corrected: fc.option(fc.record({ at: fc.nat(29), cost: count })),
  }),
  { maxLength: 12 },
);

it('whatever batches come, however often, the rollups say what the ledger says', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async shipped => {
      const database = openInMemory();
      try {
        const ledger = await openRollups(database);
        for (const [at, { spool, records: batch, shipped: times, corrected, packed }] of shipped.entries()) {
          const ship = () => ledger.usage.insertMany(batch, { spool, seq: at + 1 });
          await Promise.all(Array.from({ length: times }, ship));
          await ledger.rollups.pack(packed ?? 0);
          const stored = await ledger.usage.findById(batch[corrected?.at ?? 0]?.id ?? '');
          if (corrected && stored) {
            const last = (await ledger.corrections.findOf([stored.id])).at(-1);
            const correction = correctionOf(stored, last, { cost: corrected.cost, version: '2' }, BY);
            await Promise.all([1, 2].map(() => ledger.corrections.insertMany([correction])));
          }
        }
        expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
        for (const hour of [0, 1, 2, 3]) {
          await expect(ledger.rollups.mend(hour)).resolves.toEqual({ differences: [], isDone: true });
        }
      } finally {
        await database.close();
      }
    }),
    { numRuns: 100 },
  );
});

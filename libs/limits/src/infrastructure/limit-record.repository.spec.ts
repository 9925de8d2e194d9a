import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { LimitRecord, LimitRecordRepository } from '../domain/store/limit-record.repository.js';
import { limitRecordRepository } from '../limit-storage.module.js';

function aRecord(some: Partial<LimitRecord> = {}): LimitRecord {
  return { id: 'requests:p', version: 1, content: '[[7048000000,3]]', expiresAt: 1_764_000_120_000, ...some };
}

describe.each(await databases())('LimitRecordRepository on %s', (_, open) => {
  let database: Database;
  let records: LimitRecordRepository;

  beforeEach(async () => {
    database = await open();
    records = await limitRecordRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('keeps a record as it was', async () => {
    await expect(records.find('requests:p')).resolves.toBeNull();
    await expect(records.put(aRecord())).resolves.toBe(true);

    await expect(records.find('requests:p')).resolves.toEqual(aRecord());
  });

  it.each([1, 2])('lets one of many who change it at once (version %i)', async version => {
    if (version > 1) {
      await records.put(aRecord());
    }
    const changes = Array.from({ length: 10 }, (_unused, n) => aRecord({ version, content: `[[${n},1]]` }));
    const made = await Promise.all(changes.map(record => records.put(record)));

    expect(made.filter(Boolean)).toHaveLength(1);
    await expect(records.find('requests:p')).resolves.toEqual(changes[made.indexOf(true)]);
    await expect(records.put(aRecord({ version: version + 2 }))).resolves.toBe(false);
  });

  it('deletes what is over, so many at most', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((id, at) => records.put(aRecord({ id, expiresAt: 1000 * (at + 1) }))),
    );

    await expect(records.deleteExpired(3000, 2)).resolves.toBe(2);
    await expect(records.deleteExpired(3000, 2)).resolves.toBe(1);
    await expect(records.deleteExpired(3000, 2)).resolves.toBe(0);
    await expect(records.find('d')).resolves.not.toBeNull();
    await expect(records.put(aRecord({ id: 'a', version: 2 }))).resolves.toBe(false);
  });

  it('goes by the clock of the store, in whole ms of UTC', async () => {
    const times = [await database.now(), await database.now(), await database.now()];

    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.every(Number.isInteger)).toBe(true);
    expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(600_000); // the server runs here: no time zone came between
  });
});

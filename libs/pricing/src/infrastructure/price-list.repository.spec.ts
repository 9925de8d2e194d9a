import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { PriceListRepository } from '../domain/price-list.repository.js';
import type { StoredPriceList } from '../domain/stored-price-list.entity.js';
import { priceListRepository } from '../pricing.module.js';

function aList(version: number, some: Partial<StoredPriceList> = {}): StoredPriceList {
  return {
    version,
    source: 'api',
    digest: `digest-${version}`,
    models: 2,
    prices: { 'openai/gpt-4.1': { input_cost_per_token: 1e-6 }, $odd: { 'a.b': [null, '\0'] } },
    createdAt: '2026-11-26T10:00:00.000Z',
    authorId: 'tester',
    authorName: 'Tester',
    ...some,
  };
}

describe.each(await databases())('PriceListRepository on %s', (_, open) => {
  let database: Database;
  let lists: PriceListRepository;

  beforeEach(async () => {
    database = await open();
    lists = await priceListRepository.useFactory(database);
  });

  afterEach(() => database.close());

  it('keeps a list as it was, and one of each version', async () => {
    await expect(lists.insert(aList(1))).resolves.toBe(true);
    await expect(lists.insert(aList(1, { digest: 'other' }))).resolves.toBe(false);
    const taken = await Promise.all([2, 2, 2].map(version => lists.insert(aList(version))));

    expect(taken.toSorted()).toEqual([false, false, true]);
    await expect(lists.find(1)).resolves.toEqual(aList(1));
    await expect(lists.find(3)).resolves.toBeNull();
  });

  it('knows the last version, of a source or of any', async () => {
    await expect(lists.lastVersion()).resolves.toBe(0);
    await lists.insert(aList(1));
    await lists.insert(aList(2));
    await lists.insert(aList(3, { source: 'file' }));

    await expect(lists.lastVersion()).resolves.toBe(3);
    await expect(lists.lastVersion('api')).resolves.toBe(2);
    await expect(lists.lastVersion('file')).resolves.toBe(3);
  });

  it('finds the latest list with some prices', async () => {
    await lists.insert(aList(1, { digest: 'same' }));
    await lists.insert(aList(2, { digest: 'same', source: 'file' }));

    await expect(lists.findByDigest('same')).resolves.toMatchObject({ version: 2 });
    await expect(lists.findByDigest('other')).resolves.toBeNull();
  });

  it('lists those before one, newest first, without their prices', async () => {
    await Promise.all([1, 2, 3].map(version => lists.insert(aList(version))));
    const { prices: _left, ...second } = aList(2);

    await expect(lists.listBefore(3, 1)).resolves.toEqual([second]);
    const all = await lists.listBefore(2 ** 31 - 1, 10);
    expect(all.map(({ version }) => version)).toEqual([3, 2, 1]);
  });
});

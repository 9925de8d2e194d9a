import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { budgetAccountRepository } from '../budget-storage.module.js';
import type { BudgetAccount } from '../domain/budget-account.js';
import type { BudgetAccountRepository } from '../domain/budget-account.repository.js';

const SHARE = { granted: 9_000_000_000_000_001, spent: 7, inherited: 1, mark: 3 };

function anAccount(some: Partial<BudgetAccount> = {}): BudgetAccount {
  return {
    id: 'account-1',
    budgetId: 'budget-1',
    projectId: 'project-1',
    subject: '["ada ü \u2028",null]',
    version: 1,
    windows: [
      {
        start: 1_764_000_000_000,
        settled: 5,
        shares: { '1764-abc': SHARE },
        corrections: { 'call.$1': { number: 1, nanoUsd: -3 } },
      },
    ],
    ...some,
  };
}

describe.each(await databases())('BudgetAccountRepository on %s', (_, open) => {
  let database: Database;
  let accounts: BudgetAccountRepository;

  beforeEach(async () => {
    database = await open();
    accounts = await budgetAccountRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('keeps an account as it was', async () => {
    await expect(accounts.find('account-1')).resolves.toBeNull();
    await expect(accounts.put(anAccount())).resolves.toBe(true);

    await expect(accounts.find('account-1')).resolves.toEqual(anAccount());
  });

  it.each([1, 2])('lets one of many who change it at once (version %i)', async version => {
    if (version > 1) {
      await accounts.put(anAccount());
    }
    const changes = Array.from({ length: 10 }, (_unused, settled) =>
      anAccount({ version, windows: [{ start: 1, settled, shares: {} }] }),
    );
    const made = await Promise.all(changes.map(account => accounts.put(account)));

    expect(made.filter(Boolean)).toHaveLength(1);
    await expect(accounts.find('account-1')).resolves.toEqual(changes[made.indexOf(true)]);
    await expect(accounts.put(anAccount({ version: version + 2 }))).resolves.toBe(false);
  });

  it('finds those that a process has a share of, until it has none', async () => {
    const other = { start: 2, settled: 0, shares: { '17642-abc': SHARE } };
    await accounts.put(anAccount());
    await accounts.put(anAccount({ id: 'account-2', windows: [other] }));
    await accounts.put(anAccount({ id: 'account-3', windows: [...anAccount().windows, other] }));

    await expect(accounts.sharedBy('1764-abc', 10)).resolves.toEqual(['account-1', 'account-3']);
    await expect(accounts.sharedBy('1764-abc', 1, 'account-1')).resolves.toEqual(['account-3']);
    await expect(accounts.sharedBy('64-abc', 10)).resolves.toEqual([]);
    await accounts.put(anAccount({ version: 2, windows: [] }));
    await expect(accounts.sharedBy('1764-abc', 10)).resolves.toEqual(['account-3']);
  });

  it('lists and deletes those of a budget, and of a project', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    await Promise.all(
      ids.map((id, at) => accounts.put(anAccount({ id, budgetId: at < 3 ? 'budget-1' : 'budget-2' }))),
    );
    const page = await accounts.list('budget-1', 2, 'a');
    expect(page.map(({ id }) => id)).toEqual(['b', 'c']);

    await accounts.deleteOfBudget('budget-1');
    await expect(accounts.list('budget-1', 10)).resolves.toEqual([]);
    await expect(accounts.find('d')).resolves.not.toBeNull();
    await accounts.deleteOf('project-1');
    await expect(accounts.find('d')).resolves.toBeNull();
  });
});

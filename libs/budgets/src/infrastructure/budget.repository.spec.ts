import type { Database } from '@app/shared';
import { aBudget } from '../../../../test/support/budget.js';
import { databases } from '../../../../test/support/databases.js';
import { budgetRepository } from '../budget-storage.module.js';
import type { Budget } from '../domain/budget.entity.js';
import type { BudgetRepository } from '../domain/budget.repository.js';

function made(some: Partial<Budget> = {}): Budget {
  const rare = { name: 'tea ü', limitUsd: 0.000000001, period: 'month' as const };
  return aBudget({ id: 'budget-1', projectId: 'project-1', ...rare, each: ['key', 'tag'], ...some });
}

describe.each(await databases())('BudgetRepository on %s', (_, open) => {
  let database: Database;
  let budgets: BudgetRepository;

  beforeEach(async () => {
    database = await open();
    budgets = await budgetRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('keeps a budget as it was, for its project', async () => {
    await budgets.insert(made());

    await expect(budgets.findById('project-1', 'budget-1')).resolves.toEqual(made());
    await expect(budgets.findById('project-2', 'budget-1')).resolves.toBeNull();
  });

  it('has a hard budget of an earlier release charged the maximum of what nobody measured', async () => {
    const { unmeasuredCost: _newer, ...older } = made({ unmeasuredCost: 'estimate' });
    await budgets.insert(older as Budget);

    await expect(budgets.findById('project-1', 'budget-1')).resolves.toEqual(made());
  });

  it('replaces and deletes the latest version alone', async () => {
    await budgets.insert(made());
    const second = made({ limitUsd: 2, version: 2 });
    const replaced = await Promise.all([second, second].map(budget => budgets.replace(budget)));

    expect(replaced.toSorted()).toEqual([false, true]);
    await expect(budgets.findById('project-1', 'budget-1')).resolves.toEqual(second);
    await expect(budgets.delete(made())).resolves.toBe(false);
    await expect(budgets.delete(second)).resolves.toBe(true);
    await expect(budgets.findById('project-1', 'budget-1')).resolves.toBeNull();
  });

  it('lists those of a project, oldest first, and deletes them', async () => {
    for (const id of ['b', 'a', 'c']) {
      await budgets.insert(made({ id }));
    }
    await budgets.insert(made({ id: 'other', projectId: 'project-2' }));
    const ids = async (limit: number, after?: string): Promise<string[]> =>
      (await budgets.list('project-1', limit, after)).map(({ id }) => id);

    expect(await ids(2)).toEqual(['a', 'b']);
    expect(await ids(2, 'b')).toEqual(['c']);
    expect((await budgets.listAll(2, 'b')).map(({ id }) => id)).toEqual(['c', 'other']);
    expect((await budgets.listAll(1)).map(({ id }) => id)).toEqual(['a']);
    await budgets.deleteOf('project-1');
    expect(await ids(9)).toEqual([]);
    await expect(budgets.findById('project-2', 'other')).resolves.not.toBeNull();
  });
});

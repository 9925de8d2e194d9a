import { Charges } from '@app/budgets';
import { ConflictError, createLogger, NotFoundError, StoreUnavailableError } from '@app/shared';
import { aBudget } from '../../../../../test/support/budget.js';
import { BY, openProjects, type TestProjects } from '../../../../../test/support/projects.js';
import { aBatch, aUsageRecord } from '../../../../../test/support/usage-record.js';
import { budgetAccountRepository, budgetRepository } from '../../../../budgets/src/budget-storage.module.js';
import { spentSince, takenSince } from '../../../../budgets/src/domain/budget-account.js';
import type { BudgetAccountRepository } from '../../../../budgets/src/domain/budget-account.repository.js';
import { BudgetBook } from '../../../../budgets/src/domain/budget-book.js';
import { correctionRepository, usageRepository } from '../../analytics.module.js';
import type { CorrectionRepository } from './correction.repository.js';
import { Settling } from './settling.service.js';

let test: TestProjects;
let corrections: CorrectionRepository;
let settling: Settling;
let charges: Charges;
let accounts: BudgetAccountRepository;
/** The store is gone before it knows of a change of an account. */
let isKilled: boolean;

const PAID = { account: 'a', budgetId: 'b', window: 0, nanoUsd: 9000 };
const PAYER = { account: 'a', budgetId: 'b', projectId: 'project-1', subject: '[]', window: 0 };

beforeEach(async () => {
  test = await openProjects();
  const records = await usageRepository.useFactory(test.database);
  corrections = await correctionRepository.useFactory(test.database);
  const budgets = await budgetRepository.useFactory(test.database);
  await budgets.insert(aBudget({ projectId: 'project-1' }));
  accounts = await budgetAccountRepository.useFactory(test.database);
  isKilled = false;
  const mortal = Object.assign(Object.create(accounts) as BudgetAccountRepository, {
    put: async (account: Parameters<typeof accounts.put>[0]) => {
      if (isKilled) {
        throw new StoreUnavailableError();
      }
      return accounts.put(account);
    },
  });
  charges = new Charges(mortal, new BudgetBook(budgets, test.clock), createLogger('silent'));
  const paid = { payers: [{ ...PAYER, nanoUsd: 9000 }], nanoUsd: 700 };
  await charges.apply({ process: 'p', seq: 1 }, [paid, { ...paid, isInherited: true }]);
  settling = new Settling(records, corrections, charges, test.audit);
  await records.insertMany(
    [
      aUsageRecord({ id: 'killed', outcome: 'unsettled', costNanoUsd: null, priceVersion: null }),
      aUsageRecord({ id: 'broken', outcome: 'cut', costNanoUsd: null, priceVersion: null }),
      aUsageRecord({ id: 'ended' }),
      aUsageRecord({ id: 'left', estimated: true, costNanoUsd: 700, budgetCharges: [PAID] }),
      aUsageRecord({ id: 'other', outcome: 'unsettled', budgetCharges: [PAID] }),
    ],
    aBatch(),
  );
});
afterEach(() => test.database.close());

const chain = async (id = 'killed'): Promise<unknown[]> =>
  (await corrections.findOf([id])).map(
    ({ number, fromVersion, toVersion, costNanoUsd, differenceNanoUsd }) => [
      number,
      fromVersion,
      toVersion,
      costNanoUsd,
      differenceNanoUsd,
    ],
  );

it('an unsettled call costs what somebody found out, and the record stays', async () => {
  await settling.settle(BY, 'killed', 5000);
  await settling.settle(BY, 'killed', 5000);
  await settling.settle(BY, 'killed', 4000);

  expect(await chain()).toEqual([
    [1, null, 'settled', 5000, 5000],
    [2, 'settled', 'settled', 4000, -1000],
  ]);
  const { data } = await test.audit.list({ action: 'usage.settle' }, { limit: 10 });
  expect(data.map(({ before, after }) => [before, after])).toEqual([
    [{ costNanoUsd: 5000 }, { costNanoUsd: 4000 }],
    [{ costNanoUsd: null }, { costNanoUsd: 5000 }],
  ]);
});

it('a call that broke before anybody could tell its cost is settled likewise', async () => {
  await settling.settle(BY, 'broken', 5000);

  expect(await chain('broken')).toEqual([[1, null, 'settled', 5000, 5000]]);
});

it('of two who say something else at the same time, one is told', async () => {
  const said = await Promise.allSettled([1000, 2000].map(cost => settling.settle(BY, 'killed', cost)));

  expect(said.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await chain()).toHaveLength(1);
});

const spent = async (): Promise<number> => {
  const account = await accounts.find('a');
  const [known, taken] = account ? [spentSince(account, 0), takenSince(account, 0)] : [];
  expect(taken).toBe(known);
  return known ?? NaN;
};

describe('what budgets paid for a call that nobody measured', () => {
  it('becomes what it cost, once, however often that is said', async () => {
    expect(await spent()).toBe(18_000);
    await settling.settle(BY, 'left', 5000);
    await settling.settle(BY, 'left', 5000);
    expect(await spent()).toBe(14_000);
    await settling.settle(BY, 'other', 12_000);
    await settling.settle(BY, 'left', 700);

    expect(await spent()).toBe(12_700);
    expect(await chain('left')).toEqual([
      [1, '0.1.8+1', 'settled', 5000, 4300],
      [2, 'settled', 'settled', 700, -4300],
    ]);
  });

  it('becomes that also where it is what was estimated, after all', async () => {
    await settling.settle(BY, 'left', 700);

    expect(await spent()).toBe(9700);
    expect(await chain('left')).toEqual([[1, '0.1.8+1', 'settled', 700, 0]]);
  });

  it('becomes that when it is said again after a crash kept it from it', async () => {
    isKilled = true;
    await expect(settling.settle(BY, 'left', 5000)).rejects.toThrow(StoreUnavailableError);
    expect(await spent()).toBe(18_000);
    isKilled = false;
    await settling.settle(BY, 'left', 5000);

    expect(await spent()).toBe(14_000);
    expect(await chain('left')).toHaveLength(1);
  });

  it('stays what somebody else said later', async () => {
    const said = { call: 'left', paid: [PAID], nanoUsd: 5000 };
    await charges.settle({ ...said, number: 2 });
    await charges.settle({ ...said, number: 1, nanoUsd: 1 });

    expect(await spent()).toBe(14_000);
  });

  it('becomes what other calls told for a thousand calls, and for those that an administrator settles', async () => {
    const told = { number: 0, paid: [PAID], nanoUsd: 8999 };
    for (let n = 0; n < 1001; n += 1) {
      await charges.settle({ ...told, call: `call-${n}` });
    }
    await charges.settle({ ...told, call: 'call-0' });
    expect(await spent()).toBe(18_000 - 1000);

    await settling.settle(BY, 'left', 5000);
    expect(await spent()).toBe(18_000 - 1000 - 4000);
  });

  it('stays as it is where its period is over, or the budget is gone', async () => {
    const over = { ...PAID, window: 1 };
    await charges.settle({ call: 'left', number: 1, paid: [over, { ...PAID, account: 'gone' }], nanoUsd: 0 });

    expect(await spent()).toBe(18_000);
    await expect(accounts.find('gone')).resolves.toBeNull();
  });
});

it('only what nobody measured can be settled', async () => {
  await expect(settling.settle(BY, 'ended', 1)).rejects.toThrow(ConflictError);
  await expect(settling.settle(BY, 'unheard-of', 1)).rejects.toThrow(NotFoundError);
});

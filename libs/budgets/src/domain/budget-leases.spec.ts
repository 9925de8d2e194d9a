import { ProcessId, type SqlDatabase } from '@app/shared';
import { aBudget } from '../../../../test/support/budget.js';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { budgetAccountRepository } from '../budget-storage.module.js';
import { type BudgetAccount, takenSince } from './budget-account.js';
import type { BudgetAccountRepository } from './budget-account.repository.js';
import { BudgetLeases } from './budget-leases.js';

const BUDGET = aBudget({ limitUsd: 0.001 });

/** A store to which the next question comes late, or from which the next answer to a change does. */
class SlowStore {
  question: Promise<void> | null = null;
  answer: Promise<void> | null = null;

  constructor(private readonly accounts: BudgetAccountRepository) {}

  get slow(): BudgetAccountRepository {
    return Object.assign(Object.create(this.accounts) as BudgetAccountRepository, {
      find: async (id: string) => {
        const { question } = this;
        this.question = null;
        await question;
        return this.accounts.find(id);
      },
      put: async (account: BudgetAccount) => {
        const { answer } = this;
        this.answer = null;
        const isPut = await this.accounts.put(account);
        await answer;
        return isPut;
      },
    });
  }
}

describe('BudgetLeases', () => {
  let database: SqlDatabase;
  let accounts: BudgetAccountRepository;
  let store: SlowStore;
  let leases: BudgetLeases;
  beforeEach(async () => {
    database = openInMemory();
    accounts = await budgetAccountRepository.useFactory(database);
    store = new SlowStore(accounts);
    leases = new BudgetLeases(store.slow, new ProcessId(), new TestClock());
  });
  afterEach(() => database.close());

  it('gives back of all that it can, though one cannot be given back', async () => {
    const [first, second] = [leases.of(BUDGET, '["a"]'), leases.of(BUDGET, '["b"]')];
    await leases.grow(first, 1000);
    await leases.grow(second, 1000);
    store.question = Promise.reject(new Error('the store is busy'));

    await expect(leases.round(true)).rejects.toThrow('busy');
    expect(second.available).toBe(0);
    const account = await accounts.find(second.account.id);
    expect(account && takenSince(account, 0)).toBe(0);
  });

  it('gives back in the next round what the store could not be asked about in this one', async () => {
    const lease = leases.of(BUDGET, '[]');
    await leases.grow(lease, 1000);
    store.question = Promise.reject(new Error('the store is away'));
    await expect(leases.round(true)).rejects.toThrow('away');

    await leases.round();
    const account = await accounts.find(lease.account.id);
    expect(account && takenSince(account, 0)).toBe(0);
  });

  it('never spends more than the store knows of, when it gives back and gets more at the same time', async () => {
    const lease = leases.of(BUDGET, '[]');
    await leases.grow(lease, 1000);
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    store.question = asked.promise;
    const round = leases.round(true);
    store.answer = answered.promise;
    const growing = leases.grow(lease, 200_000);
    await passed();
    asked.resolve(); // what goes back is reckoned while the store has given more, and has not said so yet
    await passed();
    answered.resolve();
    await Promise.all([round, growing]);
    while (lease.available < 200_000 && lease.lastLeft === null) {
      await leases.grow(lease, 200_000);
    }
    lease.take(200_000);

    const account = await accounts.find(lease.account.id);
    expect(account && takenSince(account, 0)).toBeGreaterThanOrEqual(lease.used + lease.held);
  });
});

/** Long enough for a store in this process. */
async function passed(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise(setImmediate);
  }
}

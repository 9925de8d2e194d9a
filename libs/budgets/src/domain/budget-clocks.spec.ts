import { createLogger, ProcessId, type SqlDatabase } from '@app/shared';
import { aBudget } from '../../../../test/support/budget.js';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { budgetAccountRepository, budgetRepository } from '../budget-storage.module.js';
import { BudgetBook } from './budget-book.js';
import { BudgetLeases } from './budget-leases.js';
import { Charges } from './charges.js';
import { Reservation } from './reservation.js';

const LIMIT = 1_000_000;

describe.each(['minute', 'hour'] as const)('gateways that do not agree when the %s is over', period => {
  const budget = aBudget({ limitUsd: LIMIT / 1e9, period });
  let database: SqlDatabase;
  beforeEach(() => {
    database = openInMemory();
  });
  afterEach(() => database.close());

  async function gateway(at: string) {
    const budgets = await budgetRepository.useFactory(database);
    const accounts = await budgetAccountRepository.useFactory(database);
    const clock = new TestClock(Date.parse(at));
    const process = new ProcessId();
    const leases = new BudgetLeases(accounts, process, clock);
    const charges = new Charges(accounts, new BudgetBook(budgets, clock), createLogger('silent'));
    let seq = 0;
    return {
      clock,
      leftFor: async (nanoUsd: number) => {
        const lease = leases.of(budget, '[]');
        await leases.grow(lease, nanoUsd);
        return lease.available;
      },
      spend: async (nanoUsd: number) => {
        const lease = leases.of(budget, '[]');
        await leases.grow(lease, nanoUsd);
        const reservation = new Reservation([{ lease, nanoUsd }], nanoUsd, null);
        reservation.settle(nanoUsd);
        await charges.apply({ process: process.id, seq: (seq += 1) }, [
          { payers: reservation.payers, nanoUsd },
        ]);
      },
      round: () => leases.round(),
      budgets,
    };
  }

  it('spend its budget once', async () => {
    const ahead = await gateway('2026-11-27T12:59:40Z');
    const behind = await gateway('2026-11-27T12:59:30Z');
    await ahead.budgets.insert(budget);
    await ahead.spend(600_000);
    await ahead.round(); // it was busy
    await ahead.round(); // nothing is left to give back later
    ahead.clock.advance(25_000);
    behind.clock.advance(25_000);
    await ahead.spend(100_000);

    const left = await behind.leftFor(LIMIT);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(LIMIT - 600_000);
  });
});

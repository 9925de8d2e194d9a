import { ProcessId, type SqlDatabase } from '@app/shared';
import { aBudget } from '../../../../test/support/budget.js';
import { openInMemory } from '../../../../test/support/databases.js';
import { eventually } from '../../../../test/support/eventually.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { budgetAccountRepository, budgetRepository } from '../budget-storage.module.js';
import { type BudgetAccount, takenSince } from './budget-account.js';
import type { BudgetAccountRepository } from './budget-account.repository.js';
import { BudgetBook } from './budget-book.js';
import { BudgetLeases } from './budget-leases.js';
import type { Reservation } from './reservation.js';
import { Reservations } from './reservations.js';

const TIGHT = aBudget({ limitUsd: 0.001 });
const OTHER = aBudget({ id: 'other', limitUsd: 0.001 });
const SPENDER = { projectId: 'p', keyId: 'k', endUser: null, tags: [], vendor: 'openai', model: 'm' };

describe('Reservations', () => {
  let database: SqlDatabase;
  let accounts: BudgetAccountRepository;
  let leases: BudgetLeases;
  let reservations: Reservations;
  /** What the next change of an account waits for, when it is made and before it is told. */
  let answer: Promise<void> | null = null;

  beforeEach(async () => {
    database = openInMemory();
    accounts = await budgetAccountRepository.useFactory(database);
    const slow = Object.assign(Object.create(accounts) as BudgetAccountRepository, {
      put: async (account: BudgetAccount) => {
        const waits = answer;
        answer = null;
        const isPut = await accounts.put(account);
        await waits;
        return isPut;
      },
    });
    leases = new BudgetLeases(slow, new ProcessId(), new TestClock());
    const book = new BudgetBook(await budgetRepository.useFactory(database), new TestClock());
    reservations = new Reservations(book, leases);
  });
  afterEach(() => database.close());

  async function reserve(nanoUsd: number, budgets = [TIGHT]): Promise<Reservation> {
    const most = { fixed: nanoUsd, outputTokens: 0, outputRate: 0, canBeShorter: false, unknown: '' };
    return (await reservations.reserve(budgets, SPENDER, () => most)) as Reservation;
  }

  async function taken(budget = TIGHT): Promise<number> {
    const { account } = leases.of(budget, '[]');
    const found = await accounts.find(account.id);
    return found ? takenSince(found, 0) : 0;
  }

  it('gives back what was given to a call that waited while all was given back', async () => {
    (await reserve(1000)).settle(0);
    await leases.round(); // it was busy
    const told = Promise.withResolvers<void>();
    answer = told.promise;
    const round = leases.round();
    await eventually(() => expect(answer).toBeNull());
    const reserving = reserve(400_000);
    told.resolve();
    const [reservation] = await Promise.all([reserving, round]);
    expect(await taken()).toBeGreaterThanOrEqual(400_000);
    expect(await taken()).toBeLessThan(800_000); // it was asked for once

    reservation.settle(0);
    await leases.round();
    await leases.round();
    expect(await taken()).toBe(0);
  });

  it('keeps for a call what it has of one budget while it waits for another', async () => {
    const told = Promise.withResolvers<void>();
    (await reserve(1000, [OTHER])).settle(0);
    const [first, second] = [leases.of(TIGHT, '[]'), leases.of(OTHER, '[]')];
    await leases.grow(first, 400_000);
    answer = told.promise;
    const reserving = reserve(400_000, [TIGHT, OTHER]);
    await eventually(() => expect(answer).toBeNull());
    await leases.round();
    await leases.round();
    expect(leases.of(TIGHT, '[]')).toBe(first);
    told.resolve();

    (await reserving).settle(0);
    expect(leases.of(OTHER, '[]')).toBe(second);
    await leases.round();
    await leases.round();
    expect([await taken(), await taken(OTHER)]).toEqual([0, 0]);
  });

  it('owes what is billed whatever is left, and counts what it cost in the end', async () => {
    const most = { fixed: 400_000, outputTokens: 0, outputRate: 0, canBeShorter: false, unknown: '' };
    (await reserve(900_000)).settle(900_000);
    const owed = reservations.owe([TIGHT, OTHER], SPENDER, () => most);
    expect(owed?.most.map(({ nanoUsd }) => nanoUsd)).toEqual([400_000, 400_000]);
    expect(owed?.settle(300_000).map(({ budgetId }) => budgetId)).toEqual([TIGHT.id, OTHER.id]);

    expect(leases.of(TIGHT, '[]')).toMatchObject({ used: 1_200_000, held: 0 });
    await expect(reserve(1)).rejects.toThrow('has 0 USD left');
    expect(reservations.owe([], SPENDER, () => most)).toBeNull();
  });
});

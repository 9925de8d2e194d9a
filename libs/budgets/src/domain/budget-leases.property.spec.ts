import {
  createLogger,
  type GatewayError,
  ProcessId,
  type SqlDatabase,
  StoreUnavailableError,
} from '@app/shared';
import { aBudget } from '../../../../test/support/budget.js';
import { openInMemory } from '../../../../test/support/databases.js';
import { fc } from '../../../../test/support/properties.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { budgetAccountRepository, budgetRepository } from '../budget-storage.module.js';
import { type BudgetAccount, spentSince, takenSince } from './budget-account.js';
import type { BudgetAccountRepository } from './budget-account.repository.js';
import { BudgetBook } from './budget-book.js';
import { BudgetLeases } from './budget-leases.js';
import { type Charge, Charges } from './charges.js';
import type { Reservation } from './reservation.js';
import { Reservations } from './reservations.js';

const LIMIT = 1_000_000;
const BUDGET = aBudget({ limitUsd: LIMIT / 1e9 });
const SPENDER = { projectId: 'p', keyId: 'k', endUser: null, tags: [], vendor: 'openai', model: 'm' };

/** What the next questions of gateways about their leases meet, in their order: the store is away, or its answer is lost. */
let fates: ('unasked' | 'unheard')[] = [];

async function reach<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const fate = fates.shift();
  if (fate === 'unasked') {
    throw new StoreUnavailableError();
  }
  const answer = await ask();
  if (fate === 'unheard') {
    throw new StoreUnavailableError();
  }
  return answer;
}

function unreliable(accounts: BudgetAccountRepository): BudgetAccountRepository {
  return Object.assign(Object.create(accounts) as BudgetAccountRepository, {
    find: (id: string) => reach(() => accounts.find(id)),
    put: (account: BudgetAccount) => reach(() => accounts.put(account)),
  });
}

/** One run of a gateway, and what a kill would leave of it. */
class Gateway {
  readonly process = new ProcessId();
  readonly open: Reservation[] = [];
  spool: { seq: number; charges: Charge[] }[] = [];
  private seq = 0;
  private batch: Charge[] = [];
  private readonly leases;
  private readonly reservations;
  private readonly charges;

  constructor(accounts: BudgetAccountRepository, book: BudgetBook) {
    const clock = new TestClock();
    this.leases = new BudgetLeases(unreliable(accounts), this.process, clock);
    this.reservations = new Reservations(book, this.leases);
    this.charges = new Charges(accounts, book, createLogger('silent'));
  }

  /** False when there is not so much left, or the store does not say so. */
  async reserve(nanoUsd: number): Promise<boolean> {
    const most = { fixed: nanoUsd, outputTokens: 0, outputRate: 0, canBeShorter: false, unknown: '' };
    try {
      const reservation = await this.reservations.reserve([BUDGET], SPENDER, () => most);
      this.open.push(reservation as Reservation);
      return true;
    } catch (error) {
      expect([402, 503]).toContain((error as GatewayError).status);
      return false;
    }
  }

  settle(share: number): number {
    const reservation = this.open.shift();
    const nanoUsd = Math.floor((reservation?.nanoUsd ?? 0) * share);
    if (reservation) {
      reservation.settle(nanoUsd);
      this.batch.push({ payers: reservation.payers, nanoUsd });
    }
    return nanoUsd;
  }

  seal(): void {
    this.spool.push({ seq: (this.seq += 1), charges: this.batch });
    this.batch = [];
  }

  /** @param of whose batches; those of a killed one are shipped by another */
  async ship(of: Gateway = this): Promise<void> {
    of.seal();
    for (const { seq, charges } of of.spool) {
      await this.charges.apply({ process: of.process.id, seq }, charges);
      await this.charges.apply({ process: of.process.id, seq }, charges); // its answer was lost
    }
    of.spool = [];
  }

  /** As the next run of a killed gateway does. @returns what the calls under way are taken to have cost */
  async inherit(killed: Gateway): Promise<number> {
    await this.ship(killed);
    const unsettled = killed.open.map(({ payers, nanoUsd }) => ({
      payers,
      nanoUsd,
      isInherited: true as const,
    }));
    this.batch.push(...unsettled);
    await this.ship();
    await this.charges.release(killed.process.id);
    return unsettled.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  }

  /** What fails is made up for by the next one. */
  round(): Promise<void> {
    return this.leases.round().catch(() => undefined);
  }

  stop(): Promise<void> {
    return this.leases.round(true);
  }
}

describe('gateways that share a budget', () => {
  let database: SqlDatabase;
  beforeEach(() => {
    database = openInMemory();
  });
  afterEach(() => database.close());

  const step = fc.record({
    what: fc.constantFrom(
      'reserve',
      'reserve',
      'reserve',
      'settle',
      'settle',
      'seal',
      'ship',
      'round',
      'kill',
      'lose',
    ),
    who: fc.integer({ min: 0, max: 3 }),
    amount: fc.integer({ min: 1, max: 60_000 }),
    fate: fc.constantFrom('unasked' as const, 'unheard' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('never spend more than it, count every nano-USD once, and leave nothing of it unused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async steps => {
        await database.close();
        database = openInMemory();
        fates = [];
        const budgets = await budgetRepository.useFactory(database);
        const accounts = await budgetAccountRepository.useFactory(database);
        await budgets.insert(BUDGET);
        const book = new BudgetBook(budgets, new TestClock());
        const gateways = Array.from({ length: 4 }, () => new Gateway(accounts, book));
        let spent = 0;
        for (const { what, who, amount, fate, share } of steps) {
          const gateway = gateways[who] as Gateway;
          if (what === 'reserve') {
            await Promise.all(gateways.slice(who).map(one => one.reserve(amount))); // some at once
          } else if (what === 'settle') {
            spent += gateway.settle(share);
          } else if (what === 'lose') {
            fates = Array.from({ length: 1 + (amount % 4) }, () => fate);
          } else if (what === 'kill') {
            const next = new Gateway(accounts, book);
            gateways[who] = next;
            spent += await next.inherit(gateway);
          } else {
            await gateway[what as 'seal' | 'ship' | 'round']();
          }
          const held = gateways.flatMap(({ open }) => open).reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
          expect(spent + held).toBeLessThanOrEqual(LIMIT);
        }
        fates = [];
        for (const gateway of gateways) {
          while (gateway.open.length > 0) {
            spent += gateway.settle(0.5);
          }
          await gateway.ship();
          await gateway.stop();
        }
        const [account] = await accounts.list('b', 1);
        expect(account ? [spentSince(account, 0), takenSince(account, 0)] : [0, 0]).toEqual([spent, spent]);
        const last = new Gateway(accounts, book);
        expect(await last.reserve(LIMIT - spent + 1)).toBe(false);
        expect(await last.reserve(LIMIT - spent)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

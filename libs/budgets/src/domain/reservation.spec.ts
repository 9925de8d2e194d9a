import { aBudget } from '../../../../test/support/budget.js';
import type { Budget } from './budget.entity.js';
import { Lease } from './lease.js';
import { Reservation } from './reservation.js';

const WINDOW = { start: 7, from: 7, end: Infinity, resetAt: null };

function aLease(id: string, terms: Partial<Budget> = {}): Lease {
  const account = { id: `account of ${id}`, projectId: 'p', subject: '[]' };
  return new Lease(account, aBudget({ id, name: id, ...terms }), WINDOW);
}

describe('Reservation', () => {
  const leases = [
    aLease('hard'),
    aLease('estimating', { unmeasuredCost: 'estimate' }),
    aLease('soft', { hard: false }),
  ];
  const aReservation = (): Reservation =>
    new Reservation(
      leases.map((lease, at) => ({ lease, nanoUsd: 100 - at })),
      100,
      null,
    );

  it.each([
    ['what its vendor measured, in all', 40, 'measured', [40, 40, 40]],
    [
      'all that was set aside, in the hard one that does not take an estimate',
      40,
      'estimated',
      [100, 40, 40],
    ],
    ['all that was set aside in each hard one, when nobody saw the answer', 40, 'unseen', [100, 99, 40]],
    ['the estimate, where that is even more', 140, 'estimated', [140, 140, 140]],
    ['all that was set aside in each hard one, when nobody can tell', null, 'measured', [100, 99, 100]],
  ] as const)('has budgets pay %s', (_what, nanoUsd, certainty, paid) => {
    const before = leases.map(({ used }) => used);
    const reservation = aReservation();
    const payers = reservation.settle(nanoUsd, certainty);
    reservation.settle(7); // whoever says it after

    expect(payers.map(payer => payer.nanoUsd ?? nanoUsd)).toEqual(paid);
    expect(payers.map(({ budgetId, window }) => `${budgetId} ${window}`)).toEqual([
      'hard 7',
      'estimating 7',
      'soft 7',
    ]);
    expect(leases.map(({ used }, at) => used - (before[at] ?? NaN))).toEqual(paid);
    expect(leases.map(({ held }) => held)).toEqual([0, 0, 0]);
  });
});

import { HedgeBudget, RetryBudget } from './attempt-budget.js';

/** Of so many calls that all would be tried again, how many are. */
function extraOf(budget: RetryBudget | HedgeBudget, calls: number, projectId = 'p'): number {
  let extra = 0;
  for (let n = 0; n < calls; n += 1) {
    budget.deposit(projectId);
    while (budget.withdraw(projectId)) {
      extra += 1;
    }
  }
  return extra;
}

describe('the budgets of attempts', () => {
  it('allow one retry for five calls in an outage, after the first ten', () => {
    expect(extraOf(new RetryBudget(), 10_000)).toBe(10 + 2000);
  });

  it('allow one hedge for twenty calls, after the first', () => {
    expect(extraOf(new HedgeBudget(), 10_000)).toBe(1 + 500);
  });

  it.each([
    [new RetryBudget(), 100],
    [new HedgeBudget(), 20],
  ])('save no more than so much', (budget, most) => {
    for (let n = 0; n < 100_000; n += 1) {
      budget.deposit('p');
    }

    expect(extraOf(budget, 1)).toBe(most);
  });

  it('keep projects apart, and forget quiet ones', () => {
    const budget = new RetryBudget();
    expect(extraOf(budget, 1, 'a')).toBe(10);
    expect(extraOf(budget, 1, 'b')).toBe(10);
    expect(budget.withdraw('a')).toBe(false);
    for (let n = 0; n < 20_000; n += 1) {
      budget.deposit(`other-${n}`);
    }

    expect(extraOf(budget, 1, 'a')).toBe(10);
  });
});

import { type AttemptBudget, HedgeBudget, RetryBudget } from './attempt-budget.js';

interface Calls {
  readonly projectId?: string;
  readonly asked?: string;
}

/** Of so many calls that all would be tried again, how many are. */
function extraOf(
  budget: AttemptBudget,
  calls: number,
  { projectId = 'p', asked = 'fast' }: Calls = {},
): number {
  let extra = 0;
  for (let n = 0; n < calls; n += 1) {
    budget.deposit(projectId, asked);
    while (budget.withdraw(projectId, asked)) {
      extra += 1;
    }
  }
  return extra;
}

describe('the budgets of attempts', () => {
  it('allow one retry for five calls in an outage, after the first ten', () => {
    expect(extraOf(new RetryBudget(), 10_001)).toBe(10 + 2000);
  });

  it('allow one hedge for twenty calls, after the first', () => {
    expect(extraOf(new HedgeBudget(), 10_001)).toBe(1 + 500);
  });

  it.each([
    [new RetryBudget(), 10 + 100],
    [new HedgeBudget(), 1 + 20],
  ])('save no more than so much', (budget, most) => {
    for (let n = 0; n < 100_000; n += 1) {
      budget.deposit('p', 'fast');
    }

    expect(extraOf(budget, 1)).toBe(most);
  });

  it('spend nothing on a dead policy that calls for another one have saved', () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 50; n += 1) {
      budget.deposit('p', 'well');
    }
    expect(extraOf(budget, 1001, { asked: 'dead' })).toBe(10 + 200);

    expect(extraOf(budget, 10, { asked: 'well' })).toBe(10 + 2);
  });

  it('have something left for what is asked for rarely, when the project has been well since', () => {
    const budget = new RetryBudget();
    extraOf(budget, 1, { asked: 'dead' });
    expect(extraOf(budget, 1, { asked: 'rare' })).toBe(0);
    for (let n = 0; n < 50; n += 1) {
      budget.deposit('p', 'well');
    }

    expect(extraOf(budget, 1, { asked: 'rare' })).toBe(5);
  });

  it('hold for a project as a whole, however many names its calls ask for', () => {
    const budget = new RetryBudget();
    let extra = 0;
    for (let n = 0; n < 200; n += 1) {
      extra += extraOf(budget, 50, { asked: `dead-${n}` });
    }

    expect(extra).toBeGreaterThanOrEqual((200 * 50) / 5);
    expect(extra).toBeLessThanOrEqual(10 + (200 * 50) / 5);
  });

  it('forget names that were not asked for lately, to the disadvantage of nobody else', () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 10_000; n += 1) {
      budget.deposit('p', `invented-${n}`);
      budget.deposit('p', 'used');
    }
    expect(extraOf(budget, 1, { asked: 'used' })).toBe(10 + 100);

    expect(extraOf(budget, 1, { asked: 'invented-0' })).toBe(0);
  });

  it('keep projects apart, and forget quiet ones', () => {
    const budget = new RetryBudget();
    expect(extraOf(budget, 1, { projectId: 'a' })).toBe(10);
    expect(extraOf(budget, 1, { projectId: 'b' })).toBe(10);
    expect(budget.withdraw('a', 'fast')).toBe(false);
    for (let n = 0; n < 20_000; n += 1) {
      budget.deposit(`other-${n}`, 'fast');
    }

    expect(extraOf(budget, 1, { projectId: 'a' })).toBe(10);
  });
});

import { setImmediate } from 'node:timers/promises';
import { type AttemptBudget, HedgeBudget, RetryBudget, type Withdrawal } from './attempt-budget.js';
import type { Patience } from './waiting-line.js';

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
    extra += wastedOn(budget, projectId, asked);
  }
  return extra;
}

function wastedOn(budget: AttemptBudget, projectId: string, asked: string): number {
  let wasted = 0;
  for (let paid; (paid = budget.withdraw(projectId, asked)); wasted += 1) {
    paid.wasted();
  }
  return wasted;
}

describe('the budgets of attempts', () => {
  it('allow one retry for five calls in an outage, after the first', () => {
    expect(extraOf(new RetryBudget(), 10_001)).toBe(8 + 2000);
  });

  it('never keep anybody from a target that answers, however often another one fails', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 1000; call += 1) {
      budget.deposit('p', 'fast');
      budget.withdraw('p', 'fast')?.answered();
    }

    expect(extraOf(budget, 1)).toBeGreaterThanOrEqual(8 + 100);
  });

  it('count what was wasted before and after what was paid back', () => {
    const budget = new RetryBudget();
    const paid = [1, 2, 3].map(() => budget.withdraw('p', 'fast'));
    expect(extraOf(budget, 1)).toBe(5);
    paid.forEach(withdrawal => withdrawal?.answered());

    expect(budget.withdraw('p', 'other')).not.toBeNull();
    expect(extraOf(budget, 1)).toBeGreaterThanOrEqual(1);
  });

  it('are paid back no more than they hold', () => {
    const budget = new RetryBudget();
    const taken = [1, 2, 3].map(() => budget.withdraw('p', 'fast'));
    for (let n = 0; n < 100; n += 1) {
      budget.deposit('p', 'well');
    }
    taken.forEach(withdrawal => withdrawal?.answered());

    expect(extraOf(budget, 1, { asked: 'rare' })).toBe(8);
  });

  it('leave something of what is common to those who owe nothing', () => {
    const budget = new RetryBudget();
    const takenBy = (asked: string): number => wastedOn(budget, 'p', asked);

    expect(['dead', 'dead', 'second', 'third', 'fourth', 'fifth'].map(takenBy)).toEqual([8, 0, 1, 1, 0, 0]);
  });

  it('let few attempts be under way at first, more with each that answers, and fewer with each that does not', () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 1000; n += 1) {
      budget.deposit('p', 'fast');
    }
    const crowd = (): (Withdrawal | null)[] =>
      Array.from({ length: 50 }, () => budget.withdraw('p', 'fast')).filter(Boolean);
    const sizes: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const underWay = crowd();
      sizes.push(underWay.length);
      underWay.forEach(paid => paid?.answered());
    }
    const last = crowd();
    last.forEach(paid => paid?.wasted());

    expect(sizes).toEqual([8, 16, 32]);
    expect(last).toHaveLength(50);
    expect(crowd()).toHaveLength(4);
  });

  it('earn nothing by answers: an outage finds no more than calls have saved', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 100; call += 1) {
      budget.withdraw('p', 'fast')?.answered();
    }

    expect(extraOf(budget, 1000)).toBeLessThanOrEqual(8 + 200);
  });

  it('take back what was paid back for an answer that broke off', () => {
    const budget = new RetryBudget();
    const paid = budget.withdraw('p', 'fast');
    paid?.answered();
    paid?.answered();
    paid?.wasted();

    expect(extraOf(budget, 1)).toBe(8 - 1);
  });

  it('tell when they are short', () => {
    const budget = new RetryBudget();
    expect([8, 9].map(attempts => budget.isShort('p', 'fast', attempts))).toEqual([false, true]);
    for (let call = 0; call < 10; call += 1) {
      budget.deposit('p', 'fast');
    }
    expect([10, 11].map(attempts => budget.isShort('p', 'fast', attempts))).toEqual([false, true]);
  });

  it('allow one hedge for twenty calls, after the first', () => {
    expect(extraOf(new HedgeBudget(), 10_001)).toBe(1 + 500);
  });

  it.each([
    [new RetryBudget(), 8 + 100],
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
    expect(extraOf(budget, 1001, { asked: 'dead' })).toBe(8 + 200);

    expect(extraOf(budget, 10, { asked: 'well' })).toBe(10 + 2);
  });

  it('have something left for what is asked for rarely, when the project has been well since', () => {
    const budget = new RetryBudget();
    extraOf(budget, 1, { asked: 'dead' });
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
    expect(extraOf(budget, 1, { asked: 'used' })).toBe(8 + 100);

    expect(extraOf(budget, 1, { asked: 'invented-0' })).toBe(1); // of what is common
  });

  it('keep projects apart, and forget quiet ones', () => {
    const budget = new RetryBudget();
    expect(extraOf(budget, 1, { projectId: 'a' })).toBe(8);
    expect(extraOf(budget, 1, { projectId: 'b' })).toBe(8);
    expect(budget.withdraw('a', 'fast')).toBeNull();
    for (let n = 0; n < 20_000; n += 1) {
      budget.deposit(`other-${n}`, 'fast');
    }

    expect(extraOf(budget, 1, { projectId: 'a' })).toBe(8);
  });

  describe('that are empty', () => {
    let end: AbortController;
    let patience: Patience;
    let budget: RetryBudget;
    let underWay: (Withdrawal | null)[];

    beforeEach(() => {
      end = new AbortController();
      patience = { ms: 60_000, signal: end.signal };
      budget = new RetryBudget();
      underWay = Array.from({ length: 8 }, () => budget.withdraw('p', 'fast'));
    });

    afterEach(() => end.abort());

    /** What became of those that wait, in the order they came. */
    function waiting(count: number, until = patience): (boolean | null)[] {
      const ends: (boolean | null)[] = Array<null>(count).fill(null);
      ends.forEach((_none, n) => void budget.moreCredit('p', until).then(isWorthIt => (ends[n] = isWorthIt)));
      return ends;
    }

    it('let two calls more try for each attempt that answers, those that came first', async () => {
      const ends = waiting(5);
      underWay[0]?.answered();
      await setImmediate();

      expect(ends).toEqual([true, true, null, null, null]);
      expect([1, 2, 3].map(() => budget.withdraw('p', 'fast') !== null)).toEqual([true, false, false]);
    });

    it('give up hope when the last attempt under way was wasted', async () => {
      const ends = waiting(8);
      underWay.slice(1).forEach(paid => paid?.wasted());
      await setImmediate();
      expect(ends.at(-1)).toBeNull();
      underWay[0]?.wasted();
      await setImmediate();

      expect(ends.at(-1)).toBe(true); // to see for itself that there is nothing
      expect(budget.withdraw('p', 'fast')).toBeNull();
      await expect(budget.moreCredit('p', patience)).resolves.toBe(false);
    });

    it('let nobody wait for longer than it is ready to', async () => {
      await expect(budget.moreCredit('p', { ...patience, ms: 5 })).resolves.toBe(false);
      const leaving = new AbortController();
      const ends = waiting(1, { ...patience, signal: leaving.signal });
      leaving.abort();
      await setImmediate();

      expect(ends).toEqual([false]);
    });

    it('let nobody wait for the attempts of other projects', async () => {
      await expect(budget.moreCredit('other', patience)).resolves.toBe(false);
    });
  });
});

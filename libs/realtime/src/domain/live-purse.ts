import type { MostUse, Spending } from '@app/inference';
import type { Route } from '@app/routing';
import type { Call } from '@app/shared';
import type { Funds, Purse } from './turn-funds.js';

const NOTHING: Funds = { reservation: null, tokens: null };

/** The budgets and quotas of a session's caller. */
export class LivePurse implements Purse {
  /** @param use the most that is used at a time */
  constructor(
    private readonly spending: Spending,
    private readonly call: Call,
    private readonly route: () => Route,
    private readonly use: () => MostUse,
  ) {}

  async raise(): Promise<Funds> {
    const { spending, call } = this;
    if (spending.isFree(call)) {
      return NOTHING;
    }
    const tokens = (await call.tokens?.hold(0, 0)) ?? null;
    try {
      return { tokens, reservation: await spending.setAside(this.attempt) };
    } catch (error) {
      tokens?.settle(0);
      throw error;
    }
  }

  async owe(): Promise<Funds> {
    return { tokens: null, reservation: await this.spending.owe(this.attempt) };
  }

  private get attempt(): Parameters<Spending['owe']>[0] {
    const { call, use } = this;
    return { call, route: this.route(), fields: {}, use };
  }
}

export function mostOf(inputTokens: number, outputTokens: number): MostUse {
  return { inputTokens, outputTokens, images: 0, answers: 1, media: { in: true, out: true } };
}

import type { Quota } from '@app/shared';
import type { Limited } from './limited.js';

/** Counts the tokens that calls use, of which there may be so many a minute: first what a call may use, then what it used. */
export abstract class TokenLimits {
  /**
   * Takes so many tokens off each quota, or off none. In no minute, whenever it begins, are more held than a quota has.
   *
   * @param tokens what the call uses at most, input and output
   * @returns a promise only where others have to be asked
   * @throws TooManyTokensError (429) when the quota is smaller than that even when nobody uses it
   * @throws TokenLimitError (429)
   * @throws LimitsUnavailableError (503)
   */
  abstract hold(all: readonly Limited[], tokens: number): TokenHold | Promise<TokenHold>;
}

/** What is held for a call. */
export interface TokenHold {
  /** The quota that has least left, in tokens; null when none limits them. */
  readonly quota: Quota | null;

  /**
   * Puts what was used in the place of what was held: what is left over comes back at once, and what was used beyond it counts from
   * now on. Only the first word counts.
   *
   * @param used tokens, input and output; null when nobody knows, and the hold stays what it is
   */
  settle(used: number | null): void;
}

/** More than any call uses, and few enough that no sum of them is inexact. */
const MOST = 1e12;

/** What vendors report is not always a number of tokens. */
export function wholeTokens(reported: number): number {
  return Math.min(Math.max(0, Math.ceil(Number.isNaN(reported) ? 0 : reported)), MOST);
}

/** For calls that nothing limits. */
export const NO_HOLD: TokenHold = { quota: null, settle: () => undefined };

import type { TokenHold } from '@app/shared';
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

/** More than any call uses, and few enough that no sum of them is inexact. */
const MOST = 1e12;

/** What vendors report is not always a number of tokens. */
export function wholeTokens(reported: number): number {
  return Math.min(Math.max(0, Math.ceil(Number.isNaN(reported) ? 0 : reported)), MOST);
}

/** For calls that nothing limits. */
export const NO_HOLD: TokenHold = { quota: null, settle: () => undefined };

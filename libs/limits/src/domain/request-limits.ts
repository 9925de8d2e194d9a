import type { Quota } from '@app/shared';
import type { Limited } from './limited.js';

/** Counts calls of which there may be so many. */
export abstract class RequestLimits {
  /**
   * Takes one request off each quota, and counts an open call for each until `leave`. In no minute, whenever it begins, are there
   * more requests than a quota has.
   *
   * @param call its id
   * @returns the quota that has least left; null when none limits requests. A promise only where others have to be asked
   * @throws RequestLimitError, ConcurrencyLimitError (429); nothing is counted then
   * @throws LimitsUnavailableError (503)
   */
  abstract enter(call: string, all: readonly Limited[]): Quota | null | Promise<Quota | null>;

  /**
   * Takes one request off each quota, as `enter`, for what is asked within a call that is open: no other is counted as open.
   *
   * @throws RequestLimitError (429); nothing is counted then
   * @throws LimitsUnavailableError (503)
   */
  abstract count(all: readonly Limited[]): Quota | null | Promise<Quota | null>;

  /** A call that `enter` counted has ended. */
  abstract leave(call: string, all: readonly Limited[]): void;
}

import { putLast } from '@app/shared';

/** After so many marked calls it is looked at whether they paid. */
const CALLS_ON_TRIAL = 10;
const PAUSE_MS = 3_600_000;
const KEPT = 10_000;

interface Account {
  calls: number;
  savedNanoUsd: number;
  /** Monotonic ms. */
  offUntil: number;
}

/**
 * What marks have saved, by project and model: what reads cost less than the prompt would have, less what writes cost more. One
 * that is in the red after ten calls is closed for an hour, and begins anew.
 */
export class CacheAccounts {
  private readonly accounts = new Map<string, Account>();

  isOff(scope: string, now: number): boolean {
    return (this.accounts.get(scope)?.offUntil ?? 0) > now;
  }

  /** @param savedNanoUsd by one marked call; negative when it cost more than without marks */
  add(scope: string, savedNanoUsd: number, now: number): void {
    const account = this.accounts.get(scope) ?? this.open(scope);
    account.calls += 1;
    account.savedNanoUsd += savedNanoUsd;
    if (account.calls >= CALLS_ON_TRIAL && account.savedNanoUsd < 0) {
      Object.assign(account, { calls: 0, savedNanoUsd: 0, offUntil: now + PAUSE_MS });
    }
  }

  private open(scope: string): Account {
    const account = { calls: 0, savedNanoUsd: 0, offUntil: 0 };
    putLast(this.accounts, scope, account, KEPT);
    return account;
  }
}

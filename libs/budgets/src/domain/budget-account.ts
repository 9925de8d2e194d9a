import { createHash } from 'node:crypto';

/**
 * What is spent of one budget: in all, or by one end user, key, … of it. Immutable; the store takes the next version in the place
 * of the one it was made from, or not. Amounts in nano-USD.
 */
export interface BudgetAccount {
  readonly id: string;
  readonly budgetId: string;
  readonly projectId: string;
  /** Whose it is, as JSON: the values of the budget's `each`, in their order. */
  readonly subject: string;
  /** 0: not in the store yet. */
  readonly version: number;
  /** Oldest first. */
  readonly windows: readonly AccountWindow[];
}

export interface AccountWindow {
  /** Unix ms. */
  readonly start: number;
  /** Spent by processes that are no more. */
  readonly settled: number;
  /** By process. */
  readonly shares: Readonly<Record<string, Share>>;
  /** Of calls whose cost somebody found out after they were paid, by call; absent: none. */
  readonly corrections?: Readonly<Record<string, Correction>>;
}

/**
 * What a call cost more, or less, than was paid for it. Of several the one with the greatest number holds; 0: no administrator
 * said it.
 */
export interface Correction {
  readonly number: number;
  readonly nanoUsd: number;
}

/** What a process has of a budget. */
export interface Share {
  /** May be spent by it, without asking anybody. */
  readonly granted: number;
  /** Spent of it, as far as the ledger has it. */
  readonly spent: number;
  /** Spent by processes before it that were killed, and brought into the ledger by this one: nothing was granted to it for that. */
  readonly inherited: number;
  /** Number of the last batch of the process's calls that is in `spent`. */
  readonly mark: number;
}

/** Names the account of a subject below a budget. */
export function accountId(budgetId: string, subject: string): string {
  return createHash('sha256').update(`${budgetId} ${subject}`).digest('hex').slice(0, 40);
}

/** One that nothing was spent of. */
export function newAccount(
  account: Pick<BudgetAccount, 'id' | 'budgetId' | 'projectId' | 'subject'>,
): BudgetAccount {
  return { ...account, version: 0, windows: [] };
}

const NOTHING: Share = { granted: 0, spent: 0, inherited: 0, mark: -1 };

/** What a batch of a process's calls cost. */
export type Spent = Pick<Share, 'spent' | 'inherited' | 'mark'>;

/** Where a share is. */
export interface Place {
  /** Start of the window. */
  readonly start: number;
  readonly process: string;
}

/** Spent, as far as the ledger has it, since a moment. */
export function spentSince({ windows }: BudgetAccount, from: number): number {
  return sum(
    windows,
    from,
    window => settledIn(window) + sumOf(window, share => share.spent + share.inherited),
  );
}

/** Spent or granted since a moment: nobody else may have that. */
export function takenSince({ windows }: BudgetAccount, from: number): number {
  return sum(
    windows,
    from,
    window =>
      settledIn(window) + sumOf(window, share => Math.max(share.granted, share.spent) + share.inherited),
  );
}

/** What a process has of it, spent or not. */
export function takenAt(account: BudgetAccount, place: Place): number {
  const { granted, spent } = shareAt(account, place);
  return Math.max(granted, spent);
}

/** A process has from now on so much of the budget, spent or not. */
export function withGrant(account: BudgetAccount, place: Place, granted: number): BudgetAccount {
  return withShare(account, place, { ...shareAt(account, place), granted });
}

/** Calls of a process are in the ledger. The same account when it knows of that batch. */
export function withSpent(
  account: BudgetAccount,
  place: Place,
  { mark, spent, inherited }: Spent,
): BudgetAccount {
  const share = shareAt(account, place);
  return share.mark >= mark
    ? account
    : withShare(account, place, {
        ...share,
        mark,
        spent: share.spent + spent,
        inherited: share.inherited + inherited,
      });
}

/** So many that no administrator said, which may be any number, are kept; the calls of others stay paid as they are. */
const MOST_CORRECTIONS = 1000;

/** A call that was paid for cost something else. The same account when it knows that, or when that window is not counted any more. */
export function withCorrection(
  account: BudgetAccount,
  { start, call }: { readonly start: number; readonly call: string },
  correction: Correction,
): BudgetAccount {
  const at = account.windows.findIndex(window => window.start === start);
  const window = account.windows[at];
  const { corrections: before = {} } = window ?? {};
  const known = before[call];
  const isFull =
    correction.number === 0 && correction.nanoUsd <= 0 && Object.keys(before).length >= MOST_CORRECTIONS;
  if (!window || (known ? known.number >= correction.number : isFull)) {
    return account;
  }
  const corrections = { ...before, [call]: correction };
  return { ...account, windows: account.windows.with(at, { ...window, corrections }) };
}

/** A process is no more, and all its calls are in the ledger: what it did not spend is free. */
export function withoutProcess(account: BudgetAccount, process: string): BudgetAccount {
  return {
    ...account,
    windows: account.windows.map(window => {
      const { [process]: share, ...shares } = window.shares;
      return share ? { ...window, settled: window.settled + share.spent + share.inherited, shares } : window;
    }),
  };
}

/** Without what no longer counts. */
export function since(account: BudgetAccount, from: number): BudgetAccount {
  return { ...account, windows: account.windows.filter(({ start }) => start >= from) };
}

/** Processes that have a share. */
export function processesOf({ windows }: BudgetAccount): string[] {
  return [...new Set(windows.flatMap(({ shares }) => Object.keys(shares)))];
}

function shareAt({ windows }: BudgetAccount, { start, process }: Place): Share {
  return windows.find(window => window.start === start)?.shares[process] ?? NOTHING;
}

function withShare(account: BudgetAccount, { start, process }: Place, share: Share): BudgetAccount {
  const window = account.windows.find(one => one.start === start) ?? { start, settled: 0, shares: {} };
  const others = account.windows.filter(one => one !== window);
  const changed = { ...window, shares: { ...window.shares, [process]: share } };
  return { ...account, windows: [...others, changed].toSorted((a, b) => a.start - b.start) };
}

function sum(
  windows: readonly AccountWindow[],
  from: number,
  amountOf: (window: AccountWindow) => number,
): number {
  return windows.reduce((all, window) => (window.start >= from ? all + amountOf(window) : all), 0);
}

function settledIn({ settled, corrections = {} }: AccountWindow): number {
  return Object.values(corrections).reduce((all, { nanoUsd }) => all + nanoUsd, settled);
}

function sumOf({ shares }: AccountWindow, amountOf: (share: Share) => number): number {
  return Object.values(shares).reduce((all, share) => all + amountOf(share), 0);
}

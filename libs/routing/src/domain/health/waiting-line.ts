import { setTimeout as pause } from 'node:timers/promises';

/** How long somebody waits. */
export interface Patience {
  readonly ms: number;
  /** Aborted when there is nothing to wait for any more. */
  readonly signal: AbortSignal;
}

/** Those who wait for their turn: first come, first served. */
export class WaitingLine {
  private readonly waiting = new Set<AbortController>();

  get length(): number {
    return this.waiting.size;
  }

  /** Resolves with true when it is one's turn, with false when patience is over. */
  async turn({ ms, signal }: Patience): Promise<boolean> {
    const turn = new AbortController();
    this.waiting.add(turn);
    const either = AbortSignal.any([turn.signal, signal]);
    await pause(ms, undefined, { signal: either }).catch(() => undefined);
    this.waiting.delete(turn);
    return turn.signal.aborted;
  }

  /** @param most of those that have waited longest; all of them, when not given */
  wake(most = Infinity): void {
    let left = most;
    for (const turn of this.waiting) {
      if (left === 0) {
        break;
      }
      this.waiting.delete(turn);
      turn.abort();
      left -= 1;
    }
  }
}

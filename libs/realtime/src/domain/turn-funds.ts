import type { Reservation } from '@app/budgets';
import type { TokenHold } from '@app/shared';

/** What is held for something that has not begun. */
export interface Funds {
  readonly reservation: Reservation | null;
  readonly tokens: TokenHold | null;
}

/** Has set aside what the next thing of its kind costs in a session, so that nobody begins what cannot be paid. */
export class TurnFunds {
  private next: Promise<Funds> | null = null;
  private isClosed = false;

  /**
   * @param raise @throws GatewayError (402, 429, 503)
   * @param onRefused hears why there is nothing for the next one
   */
  constructor(
    private readonly raise: () => Promise<Funds>,
    private readonly onRefused: (error: unknown) => void,
  ) {}

  /** For the first one. @throws as `raise` */
  async open(): Promise<void> {
    const funds = await this.raise();
    this.next = Promise.resolve(funds);
  }

  /** For one that begins now; null when there is nothing, and that was told. */
  take(): Promise<Funds | null> {
    if (this.isClosed) {
      return Promise.resolve(null);
    }
    const taken = this.next ?? this.raise();
    this.next = null;
    return this.orTell(taken);
  }

  /** One has ended: there is to be something for the next. */
  refill(): void {
    if (!this.next && !this.isClosed) {
      this.next = this.raise();
      void this.orTell(this.next);
    }
  }

  /** There is no next one. */
  close(): void {
    this.isClosed = true;
    this.next?.then(release, () => undefined);
    this.next = null;
  }

  private async orTell(raising: Promise<Funds>): Promise<Funds | null> {
    try {
      return await raising;
    } catch (error) {
      this.onRefused(error);
      return null;
    }
  }
}

function release({ reservation, tokens }: Funds): void {
  reservation?.settle(0);
  tokens?.settle(0);
}

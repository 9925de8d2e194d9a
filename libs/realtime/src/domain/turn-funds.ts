import type { Reservation } from '@app/budgets';
import type { TokenHold } from '@app/shared';

/** What is held for something that has not begun. */
export interface Funds {
  readonly reservation: Reservation | null;
  readonly tokens: TokenHold | null;
}

/** Where funds come from. */
export interface Purse {
  /** @throws GatewayError (402, 429, 503) */
  raise(): Promise<Funds>;
  /** For what the vendor bills whatever is left. @throws StoreUnavailableError (503) */
  owe(): Promise<Funds>;
}

/** Has set aside what the next thing of its kind costs in a session, so that nobody begins what cannot be paid. */
export class TurnFunds {
  private next: Promise<Funds> | null = null;
  private isClosed = false;

  /** @param onRefused hears why there is nothing for the next one */
  constructor(
    private readonly purse: Purse,
    private readonly onRefused: (error: unknown) => void,
  ) {}

  /** For the first one. @throws as `Purse.raise` */
  async open(): Promise<void> {
    const funds = await this.purse.raise();
    this.next = Promise.resolve(funds);
  }

  /** For one that may begin; null when it may not, and that was told. */
  claim(): Promise<Funds | null> {
    return this.orTell(this.taken());
  }

  /** For one that has begun: where nothing is left, that is told, and it is paid for all the same. Null when there is no telling by whom. */
  async take(): Promise<Funds | null> {
    return (await this.claim()) ?? this.orTell(this.purse.owe());
  }

  /** One has ended: there is to be something for the next. */
  refill(): void {
    if (!this.next && !this.isClosed) {
      this.next = this.purse.raise();
      void this.orTell(this.next);
    }
  }

  /** There is no next one. */
  close(): void {
    this.isClosed = true;
    this.next?.then(release, () => undefined);
    this.next = null;
  }

  private taken(): Promise<Funds> {
    const taken = this.next ?? this.purse.raise();
    this.next = null;
    return taken;
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

/** Nothing began that it was held for. */
export function release({ reservation, tokens }: Funds): void {
  reservation?.settle(0);
  tokens?.settle(0);
}

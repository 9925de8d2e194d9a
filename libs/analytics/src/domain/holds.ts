import type { Certainty, Charge, Reservation } from '@app/budgets';

/** Where an attempt goes: the vendor, and its name of the model, null when nobody can tell. */
export interface AttemptTo {
  readonly provider: string;
  readonly model: string | null;
}

interface Hold {
  readonly to: AttemptTo;
  readonly reservation: Reservation;
}

/** What is set aside for the attempts of one call. Nearly always nothing. */
export class Holds {
  private list: Hold[] | null = null;

  add(to: AttemptTo, reservation: Reservation): void {
    this.list ??= [];
    this.list.push({ to, reservation });
  }

  /** An attempt is somebody else's now. */
  move(to: AttemptTo, others: Holds): void {
    const hold = this.take(to);
    if (hold) {
      others.add(to, hold.reservation);
    }
  }

  /** An attempt has cost nothing. */
  free(to: AttemptTo): void {
    this.take(to)?.reservation.settle(0);
  }

  /** The most that all of it can cost; undefined when nothing is set aside. */
  held(): Charge | undefined {
    const { list } = this;
    return list && list.length > 0
      ? { payers: list.flatMap(({ reservation }) => reservation.most), nanoUsd: sumOf(list) }
      : undefined;
  }

  /** As of `Reservation`; of the attempt that pays. */
  areExceededBy(nanoUsd: number): boolean {
    return this.list?.at(-1)?.reservation.isExceededBy(nanoUsd) ?? false;
  }

  /**
   * The call has ended, and nothing is set aside any more.
   *
   * @param nanoUsd what it cost; null when nobody knows: then all that was set aside
   */
  settle(nanoUsd: number | null, certainty: Certainty): Charge | undefined {
    const { list } = this;
    this.list = null;
    const last = list?.at(-1);
    if (!list || !last) {
      return undefined;
    }
    if (nanoUsd === null) {
      return { payers: list.flatMap(({ reservation }) => reservation.settle(null)), nanoUsd: sumOf(list) };
    }
    const payers = last.reservation.settle(nanoUsd, certainty);
    list.forEach(hold => hold === last || hold.reservation.settle(0));
    return { payers, nanoUsd };
  }

  private take({ provider, model }: AttemptTo): Hold | undefined {
    const at = this.list?.findIndex(({ to }) => to.provider === provider && to.model === model) ?? -1;
    return at < 0 ? undefined : this.list?.splice(at, 1)[0];
  }
}

function sumOf(list: readonly Hold[]): number {
  return list.reduce((sum, { reservation }) => sum + reservation.nanoUsd, 0);
}

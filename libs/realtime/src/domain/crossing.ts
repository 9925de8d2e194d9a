import {
  type CrossingParts,
  type LiveAct,
  type LiveCallerSide,
  type LiveDialect,
  type LiveVendorSide,
  Losses,
} from '@app/dialects';
import type { Route } from '@app/routing';
import type { LiveParty } from './live-turns.js';
import type { Message } from './messages.js';

/** What a session is about whose caller and vendor speak different protocols. */
export function crossingParts(
  { call, modelAsked: model }: Pick<LiveParty, 'call' | 'modelAsked'>,
  { vendor, target }: Route,
): Omit<CrossingParts, 'losses'> {
  const allows = (other: string): boolean => call.permission?.allows(vendor.id, other) ?? true;
  return { model, target, sessionId: call.id, tellsWholeSpeeches: false, allows };
}

/** Where messages go. */
export interface Sides {
  toCaller(message: Message): void;
  toVendor(message: Message): void;
}

/** A session whose caller and vendor speak different protocols. */
export class Crossing {
  private readonly losses = new Losses();
  private readonly caller: LiveCallerSide;
  private vendor: LiveVendorSide;
  private lossesTold = 0;
  /** What the caller settled last. */
  private settled: LiveAct | null = null;

  /**
   * @param callers its protocol
   * @param vendors the vendor's
   * @param isGreeted the caller was told that its session stands, and is not told again
   */
  constructor(
    callers: LiveDialect,
    vendors: LiveDialect,
    parts: Omit<CrossingParts, 'losses'>,
    private isGreeted = false,
  ) {
    const all = { ...parts, losses: this.losses };
    this.caller = callers.callerSide(all);
    this.vendor = vendors.vendorSide(all);
  }

  greet({ toCaller }: Sides): void {
    this.caller.greet().forEach(toCaller);
  }

  /**
   * The session goes on with another vendor.
   *
   * @param said what the last one was told, in its own protocol
   * @returns what this one is to be told @throws GatewayError (400) for what it cannot be asked
   */
  moveTo(
    vendors: LiveDialect,
    parts: Omit<CrossingParts, 'losses'>,
    { said, from }: { readonly said: readonly Message[]; readonly from: LiveDialect },
  ): Message[] {
    const reader = from.callerSide({ ...parts, losses: new Losses() });
    const acts = said.flatMap(message => reader.read(message).acts);
    const { unsaid } = this.vendor;
    this.vendor = vendors.vendorSide({ ...parts, losses: this.losses });
    const settled = this.settled ? [this.settled] : []; // as the caller said it, not as the last vendor was told
    return [...settled, ...acts.filter(({ kind }) => kind !== 'settle'), ...unsaid].flatMap(act =>
      this.vendor.write(act),
    );
  }

  /**
   * The session goes on with a vendor of another protocol than its caller's, which the last one spoke.
   *
   * @param said what that one was told
   * @param unconfirmed of it, what the caller is yet to hear of
   * @throws GatewayError (400) for what the vendor cannot be asked
   */
  takeOver(
    said: readonly Message[],
    unconfirmed: ReadonlySet<Message>,
  ): { readonly told: Message[]; readonly shown: Message[] } {
    const told: Message[] = [];
    const shown: Message[] = [];
    for (const message of said) {
      const { acts, replies } = this.caller.read(message);
      told.push(...acts.flatMap(act => this.written(act)));
      shown.push(...(unconfirmed.has(message) ? replies : []));
    }
    return { told, shown };
  }

  /** @throws GatewayError (400) for what the vendor cannot be asked; what stood before it was asked */
  fromCaller(message: Message, sides: Sides): void {
    try {
      const { acts, replies } = this.caller.read(message);
      this.tellVendor(acts, sides);
      replies.forEach(sides.toCaller);
    } finally {
      this.tellLosses(sides);
    }
  }

  /** @throws GatewayError when the session cannot go on */
  fromVendor(message: Message, sides: Sides): void {
    const { events, replies } = this.vendor.read(message);
    for (const event of events) {
      if (event.kind !== 'ready' || !this.isGreeted) {
        this.caller.write(event).forEach(sides.toCaller);
      }
      this.isGreeted ||= event.kind === 'ready';
    }
    replies.forEach(sides.toVendor);
    this.tellLosses(sides);
  }

  private tellVendor(acts: readonly LiveAct[], { toVendor }: Sides): void {
    try {
      for (const act of acts) {
        this.written(act).forEach(toVendor);
      }
    } catch (error) {
      this.caller.takeBack?.();
      throw error;
    }
  }

  private written(act: LiveAct): readonly Message[] {
    this.settled = act.kind === 'settle' ? act : this.settled;
    return this.vendor.write(act);
  }

  /** Tells the caller what the vendor could not be told. */
  tellLosses({ toCaller }: Sides): void {
    const { list } = this.losses;
    const fresh = list.slice(this.lossesTold);
    this.lossesTold = list.length;
    if (fresh.length > 0) {
      toCaller(this.caller.writeLosses(fresh));
    }
  }
}

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
  private readonly vendor: LiveVendorSide;
  private lossesTold = 0;

  /** @param callers its protocol @param vendors another one */
  constructor(callers: LiveDialect, vendors: LiveDialect, parts: Omit<CrossingParts, 'losses'>) {
    const all = { ...parts, losses: this.losses };
    this.caller = callers.callerSide(all);
    this.vendor = vendors.vendorSide(all);
  }

  greet({ toCaller }: Sides): void {
    this.caller.greet().forEach(toCaller);
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
      this.caller.write(event).forEach(sides.toCaller);
    }
    replies.forEach(sides.toVendor);
    this.tellLosses(sides);
  }

  private tellVendor(acts: readonly LiveAct[], { toVendor }: Sides): void {
    try {
      for (const act of acts) {
        this.vendor.write(act).forEach(toVendor);
      }
    } catch (error) {
      this.caller.takeBack?.();
      throw error;
    }
  }

  private tellLosses({ toCaller }: Sides): void {
    const { list } = this.losses;
    const fresh = list.slice(this.lossesTold);
    this.lossesTold = list.length;
    if (fresh.length > 0) {
      toCaller(this.caller.writeLosses(fresh));
    }
  }
}

import type { LiveDialect, LiveMemory, LiveReplay, LiveResumed } from '@app/dialects';
import type { Message } from '../messages.js';
import type { Leg } from './leg.js';
import type { VendorLoss } from './vendor-loss.js';

/** A connection that does not know the conversation yet. */
export interface Comeback {
  readonly replay: LiveReplay;
  /** What its caller is told of it then. */
  readonly told: LiveResumed;
}

/** From one connection to the next. @throws GatewayError (400, 403) for what the vendor there may not be asked */
export function comebackTo(
  { leg, before, loss }: { readonly leg: Leg; readonly before: Leg; readonly loss: VendorLoss },
  memory: LiveMemory,
  dialect: LiveDialect,
): Comeback {
  const { vendor, target, id } = leg.route;
  const replay = memory.reopen({
    model: target.model,
    isSame: id === before.route.id && leg.secret === before.secret,
    admit: (said: Message) => dialect.admit(said, leg.names),
  });
  const { by, lost } = replay;
  const told = { from: before.route.vendor.id, to: vendor.id, reason: loss.error.message, by, lost };
  return { replay, told };
}

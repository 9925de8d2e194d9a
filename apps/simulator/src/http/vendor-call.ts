import type { OutgoingHttpHeaders } from 'node:http';
import type { Fault, UpstreamCall } from '../faults.js';
import { Refusal } from '../refusal.js';
import type { World } from '../world.js';
import type { Exchange } from './exchange.js';
import { misbehave } from './misbehave.js';
import { endOfKey } from './presented-key.js';
import { limitHeaders, wordsOf } from './vendor-words.js';

/** Who says no in words of its own. */
interface Refuser {
  errorBody(refusal: Refusal): unknown;
}

/** Answers one call; what checks or faults refuse on the way is told in the vendor's error shape. */
export async function vendorCall(
  { request, reply }: Exchange,
  vendor: Refuser,
  headers: OutgoingHttpHeaders,
  answer: () => Promise<void>,
): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const { retryAfter, whole } = error.details;
    const type = { 'content-type': whole?.contentType ?? 'application/json' };
    const waiting = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    // Whoever is refused may still be sending.
    request.resume();
    await reply.send(
      error.status,
      { ...type, ...headers, ...waiting },
      whole?.text ?? JSON.stringify(vendor.errorBody(error)),
    );
  }
}

/** What is asked of a vendor, and the fault that the prompt tells. */
interface Asked extends Pick<UpstreamCall, 'vendor' | 'model' | 'tier'> {
  readonly told?: string | undefined;
}

/**
 * Counts a call and lets its faults strike: those of the chaos, and before them the header's, or else the one that its
 * prompt told. Undefined when they took the place of the answer.
 *
 * @throws Refusal when the answer is an error in the vendor's shape
 */
export async function strikeFault(
  exchange: Exchange,
  { faults, chaos, calls }: World,
  { vendor, model, tier, told }: Asked,
): Promise<Fault | undefined> {
  const { reply, received } = exchange;
  const call = { vendor, model, tier, key: endOfKey(exchange) };
  calls.add(call);
  const scripted = faults.strike((received.headers['x-sim-fault'] ?? told)?.toString(), call);
  const fault = { ...chaos.strike(call), ...scripted };
  const words = wordsOf(exchange, vendor);
  reply.suffer(fault);
  reply.addHeaders(limitHeaders(words, fault.limits, Date.now()));
  return (await misbehave(reply, fault, words)) ? undefined : fault;
}

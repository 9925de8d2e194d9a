import type { OutgoingHttpHeaders } from 'node:http';
import type { Fault } from '../faults.js';
import { Refusal } from '../refusal.js';
import type { World } from '../world.js';
import type { Exchange } from './exchange.js';
import { misbehave } from './misbehave.js';

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
    const { retryAfter } = error.details;
    const type = { 'content-type': 'application/json' };
    const waiting = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    // Whoever is refused may still be sending.
    request.resume();
    await reply.send(
      error.status,
      { ...type, ...headers, ...waiting },
      JSON.stringify(vendor.errorBody(error)),
    );
  }
}

/**
 * Lets the fault of a call strike: the header's, or else the one that its prompt told. Undefined when it took the place of
 * the answer.
 *
 * @throws Refusal when the answer is an error in the vendor's shape
 */
export async function strikeFault(
  { reply, received }: Exchange,
  { faults }: World,
  vendor: string,
  told?: string,
): Promise<Fault | undefined> {
  const fault = faults.strike((received.headers['x-sim-fault'] ?? told)?.toString(), vendor);
  reply.suffer(fault);
  return (await misbehave(reply, fault)) ? undefined : fault;
}

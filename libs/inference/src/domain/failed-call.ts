import type { CallMeter } from '@app/analytics';
import type { ClientDialect } from '@app/dialects';
import type { RoutingDecision } from '@app/routing';
import { type Call, GatewayError } from '@app/shared';
import type { CallerReply } from './caller-reply.js';
import { estimateUsage } from './estimate.js';
import { costHeader } from './exchange.js';
import { headerText } from './header-text.js';
import { CallerLeftError } from './inference.errors.js';

interface BrokenCall {
  readonly call: Call;
  readonly dialect?: ClientDialect;
  /** Where the error will be written; absent: it says nothing of attempts. */
  readonly reply?: CallerReply;
}

/**
 * Closes a call that was broken off before the first byte, whoever did it.
 *
 * @param asked the caller's body, null when nothing is billed
 * @returns what the caller is to hear
 */
export async function closeBroken(
  { call: { signal }, dialect, reply }: BrokenCall,
  meter: CallMeter,
  error: unknown,
  asked: Readonly<Record<string, unknown>> | null,
): Promise<unknown> {
  if (reply && !reply.headersSent) {
    Object.entries(attemptHeaders(meter)).forEach(([name, value]) => reply.setHeader?.(name, value));
  }
  return signal.aborted
    ? closeAborted(meter, asked, signal.reason)
    : closeFailed(meter, error, dialect?.statusOf);
}

/**
 * The caller left before the first byte, or a call that nobody waits for was stopped. What the vendor had been sent is
 * billed by estimate.
 *
 * @param asked the caller's body, null when nothing is billed
 * @param reason of the signal, when it is an error of ours
 */
async function closeAborted(
  meter: CallMeter,
  asked: Readonly<Record<string, unknown>> | null,
  reason?: unknown,
): Promise<GatewayError> {
  if (meter.attempts > 0 && asked) {
    meter.usage ??= estimateUsage(asked, 0);
  }
  const error = abortedBy(reason);
  await meter.close({ status: error.status, outcome: 'aborted', errorCode: error.code });
  return error;
}

/** Why a call was stopped. @param reason of its signal: an error of ours, or nothing that says anything, when its caller left */
export function abortedBy(reason: unknown): GatewayError {
  return reason instanceof GatewayError ? reason : new CallerLeftError();
}

/** The failure is the caller's to hear; the record has the status that it hears. */
export async function closeFailed(
  meter: CallMeter,
  error: unknown,
  statusOf?: ClientDialect['statusOf'],
): Promise<unknown> {
  const [status, errorCode] =
    error instanceof GatewayError ? [statusOf?.(error) ?? error.status, error.code] : [500, 'internal_error'];
  await meter.close({ status, outcome: 'failed', errorCode });
  return error;
}

/** What an error answer says of the attempts that came to nothing, and what they cost; nothing when no vendor was asked. */
export function attemptHeaders(meter: CallMeter): Record<string, string | number> {
  const { attempts, decision } = meter;
  if (attempts === 0) {
    return {};
  }
  const { snapshot }: Partial<RoutingDecision> = decision ?? {};
  return {
    'x-llmhub-attempts': attempts,
    ...costHeader(meter),
    ...(snapshot?.policy && { 'x-llmhub-route': headerText(snapshot.policy) }),
  };
}

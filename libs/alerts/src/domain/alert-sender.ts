import { Injectable } from '@nestjs/common';
import { EgressGuard } from '@app/providers';
import { Clock } from '@app/shared';
import { alertMessage } from './alert-message.js';
import type { Delivery } from './alert-state.js';
import type { OpenAlert } from './alert.entity.js';
import { signedHeaders } from './webhook-signature.js';

/** A receiver that takes longer has not taken it. */
const TIMEOUT_MS = 10_000;

export interface Sent {
  /** Of the receiver's answer; null when there was none. */
  readonly status: number | null;
  /** Null: it has arrived. Says nothing of the URL. */
  readonly failure: string | null;
}

/** Posts to webhooks, where callers' URLs may go, too. */
@Injectable()
export class AlertSender {
  constructor(
    private readonly egress: EgressGuard,
    private readonly clock: Clock,
  ) {}

  /** Never throws. */
  async send(alert: OpenAlert, delivery: Delivery, stop?: AbortSignal): Promise<Sent> {
    const { url, secret } = alert.target;
    const body = alertMessage(alert, delivery);
    const headers = signedHeaders(secret, { id: delivery.id, at: this.clock.now(), body });
    const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(stop ? [stop] : [])];
    try {
      const answer = await this.egress.postJson(url, { body, headers }, AbortSignal.any(signals));
      const { statusCode: status } = answer;
      answer.body.on('error', () => undefined).destroy();
      const isTaken = status >= 200 && status < 300;
      return { status, failure: isTaken ? null : `The receiver answered ${status}.` };
    } catch (error) {
      return { status: null, failure: reasonOf(error) };
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `The receiver did not answer within ${TIMEOUT_MS / 1000} seconds.`;
  }
  return 'The URL cannot be reached from here: nobody answers, it redirects, or it is not public and its host is not in AI_GATEWAY_EGRESS_ALLOW.';
}

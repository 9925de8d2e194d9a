import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BackgroundUsage } from '@app/dialects';
import type { Call } from '@app/shared';
import { Metering } from './metering.js';
import { PastCalls } from './past-calls.js';
import type { Outcome } from './usage-record.entity.js';

const OUTCOMES: Readonly<Record<BackgroundUsage['status'], Outcome>> = {
  completed: 'completed',
  incomplete: 'completed',
  failed: 'failed',
  cancelled: 'aborted',
};

/**
 * Meters what a vendor did in the background: its usage is told when somebody asks for the answer, after the call that
 * began it has left its record, and told again whenever somebody asks.
 */
@Injectable()
export class BackgroundMetering {
  constructor(
    private readonly calls: PastCalls,
    private readonly metering: Metering,
  ) {}

  /**
   * Leaves one record, however often and at how many gateways it is told, for the key that began the work; for the one
   * that asks when it began elsewhere. Never rejects.
   */
  async record(call: Call, provider: string, { id, model, status, usage }: BackgroundUsage): Promise<void> {
    // Without it the work is paid for all the same, and the record's id keeps it from being counted twice.
    const latest = await this.calls.byUpstreamId(id);
    const earlier = latest?.provider === provider ? latest : null;
    if (earlier && earlier.inputTokens + earlier.outputTokens > 0) {
      return;
    }
    const { projectId, keyId } = earlier ?? call;
    const endpoint = earlier?.endpoint ?? '/v1/responses';
    const meter = this.metering.open({ ...call, id: recordId(provider, id), projectId, keyId }, endpoint);
    meter.modelAsked = earlier?.modelAsked ?? '';
    meter.provider = provider;
    meter.modelUsed = model;
    meter.upstreamId = id;
    meter.usage = usage;
    meter.close({ status: 200, outcome: OUTCOMES[status] });
  }
}

/** The same at every gateway, so that the store takes it once. A UUIDv8 (RFC 9562). */
function recordId(provider: string, id: string): string {
  const hex = createHash('sha256').update(`${provider}/${id}`).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}

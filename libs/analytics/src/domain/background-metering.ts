import { Injectable } from '@nestjs/common';
import type { BackgroundUsage } from '@app/dialects';
import type { Call } from '@app/shared';
import { Metering } from './metering.js';
import { PastCalls } from './past-calls.js';
import { backgroundId } from './record-id.js';
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
   * that asks when it began elsewhere. What budgets paid for the beginning, all that was set aside, becomes what the work cost. Never rejects.
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
    const labels = earlier ? { labels: earlier } : {};
    const own = { ...call, id: backgroundId(provider, id), projectId, keyId, ...labels };
    const meter = this.metering.open(own, endpoint);
    meter.modelAsked = earlier?.modelAsked ?? '';
    meter.provider = provider;
    meter.modelUsed = model;
    meter.upstreamId = id;
    meter.usage = usage;
    meter.beginning = earlier?.budgetCharges ? { call: earlier.id, paid: earlier.budgetCharges } : null;
    await meter.close({ status: 200, outcome: OUTCOMES[status] });
  }
}

import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { BackgroundUsage } from '@app/dialects';
import { type Call, LOGGER, type Logger } from '@app/shared';
import { Metering } from './metering.js';
import type { Outcome, UsageRecord } from './usage-record.entity.js';
import { UsageRecorder } from './usage.recorder.js';
import { UsageRepository } from './usage.repository.js';

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
    private readonly records: UsageRepository,
    private readonly recorder: UsageRecorder,
    private readonly metering: Metering,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Leaves one record, however often and at how many gateways it is told, for the key that began the work; for the one
   * that asks when it began elsewhere. Never rejects.
   */
  async record(call: Call, provider: string, { id, model, status, usage }: BackgroundUsage): Promise<void> {
    const earlier = await this.earlier(provider, id);
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

  /** The last record of that response: of the call that began it, or of its usage. */
  private async earlier(provider: string, id: string): Promise<UsageRecord | null> {
    try {
      await this.recorder.flush();
      const record = await this.records.findByUpstreamId(id);
      return record?.provider === provider ? record : null;
    } catch (error) {
      // The work is paid for all the same, and the record's id keeps it from being counted twice.
      this.logger.warn({ err: error, responseId: id }, 'Nobody can tell who began a background response.');
      return null;
    }
  }
}

/** The same at every gateway, so that the store takes it once. A UUIDv8 (RFC 9562). */
function recordId(provider: string, id: string): string {
  const hex = createHash('sha256').update(`${provider}/${id}`).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}

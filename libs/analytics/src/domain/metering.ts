import { Injectable } from '@nestjs/common';
import { PriceBook } from '@app/providers';
import type { Call } from '@app/shared';
import { CallMeter } from './call-meter.js';
import { UsageRecorder } from './usage.recorder.js';

/** Opens the meter of each call. */
@Injectable()
export class Metering {
  constructor(
    private readonly prices: PriceBook,
    private readonly recorder: UsageRecorder,
  ) {}

  /** @param endpoint path that was called, e.g. `/v1/chat/completions` */
  open(call: Call, endpoint: string): CallMeter {
    const meter = new CallMeter(call, endpoint, this.prices.inForce, this.recorder);
    call.metered?.(meter);
    return meter;
  }
}

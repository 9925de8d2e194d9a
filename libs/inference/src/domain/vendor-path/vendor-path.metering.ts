import { Injectable } from '@nestjs/common';
import { BackgroundMetering, type CallMeter, Metering } from '@app/analytics';
import { BackgroundFinder, type Usage, UsageFinder } from '@app/dialects';
import type { Vendor, VendorResponse } from '@app/providers';
import type { Call } from '@app/shared';
import { type AnswerTap, answerTap } from './answer-tap.js';
import { estimateTokens, withMore } from '../estimate.js';
import { Spending } from '../spending.js';
import type { VendorPath } from './vendor-path.js';
import type { RawRequest } from './vendor-path.access.js';

const ENDPOINT = '/{vendor}/*';
/** One response that is kept: asked for, or cancelled. */
const KEPT_RESPONSE = /^(GET .*\/responses\/[^/]+|POST .*\/responses\/[^/]+\/cancel)$/;
/** What a response is about stands in front of pictures that it may hold, and its usage behind them. */
const RESPONSE_LIMIT_BYTES = 32 * 1024 * 1024;

/** Where the bytes of an answer are shown, to be metered. */
export interface UsageTap {
  push(chunk: Buffer): void;
  /** There are no more: what was told is noted. @param isCut more should have come */
  end(isCut: boolean): void;
}

interface Tapped {
  readonly call: Call;
  readonly vendor: Vendor;
  readonly request: RawRequest;
  readonly target: VendorPath;
}

/** Meters calls of which only the vendor's path is known. */
@Injectable()
export class VendorPathMetering {
  constructor(
    private readonly metering: Metering,
    private readonly background: BackgroundMetering,
    private readonly spending: Spending,
  ) {}

  open(call: Call, vendor: Vendor): CallMeter {
    const meter = this.metering.open(call, ENDPOINT);
    meter.provider = vendor.id;
    return meter;
  }

  /**
   * Sets aside what a budget says such a call may cost, and no tokens before it has used some: nobody can tell what a path is for,
   * unless it cancels a response, which costs nothing.
   *
   * @throws BudgetExceededError, UnknownCostError (402), StoreUnavailableError (503)
   */
  async reserve(tapped: Tapped, meter: CallMeter): Promise<void> {
    const { call, vendor, request } = tapped;
    if (request.method === 'POST' && !isAboutKept(tapped) && !this.spending.isFree(call)) {
      await this.spending.holdTokens(call, meter, 0);
      await this.spending.reserveUnknown(call, meter, vendor.id);
    }
  }

  /** The tap for an answer. One that tells of an earlier call is not metered twice. */
  tap(tapped: Tapped, response: VendorResponse, meter: CallMeter): UsageTap {
    const packed = response.header('content-encoding') !== undefined;
    const type = packed ? null : (response.header('content-type') ?? null);
    const { request } = tapped;
    if (isAboutKept(tapped)) {
      return this.backgroundTap(tapped, answerTap(type, new BackgroundFinder(), RESPONSE_LIMIT_BYTES));
    }
    const answer = answerTap(request.method === 'POST' ? type : null, new UsageFinder());
    return callTap(meter, answer, Number(request.headers['content-length']));
  }

  private backgroundTap({ call, vendor }: Tapped, tap: AnswerTap<BackgroundFinder['told']>): UsageTap {
    return {
      push: chunk => tap.push(chunk),
      end: () => {
        const told = tap.end();
        if (told) {
          void this.background.record(call, vendor.id, told);
        }
      },
    };
  }
}

function isAboutKept({ request, target }: Tapped): boolean {
  return KEPT_RESPONSE.test(`${request.method} ${target.path}`);
}

/** @param askedBytes of the request; NaN: nobody knows */
function callTap(meter: CallMeter, tap: AnswerTap<UsageFinder['told']>, askedBytes: number): UsageTap {
  return {
    push: chunk => tap.push(chunk),
    end: isCut => {
      const { id, model, usage } = tap.end();
      meter.upstreamId = id ?? meter.upstreamId;
      meter.modelUsed = model;
      meter.usage = isCut ? usageSoFar(usage, tap.outputTokens, askedBytes) : usage;
    },
  };
}

/** Of an answer that broke off, by estimate. @param since tokens that came behind what was told */
function usageSoFar(told: Usage | null, since: number, askedBytes: number): Usage | null {
  if (told) {
    return withMore(told, since);
  }
  return since > 0 && askedBytes > 0
    ? { inputTokens: estimateTokens(askedBytes), outputTokens: since, estimated: true }
    : null;
}

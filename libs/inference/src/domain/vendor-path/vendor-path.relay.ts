import type { CallMeter } from '@app/analytics';
import type { BodySink, VendorResponse } from '@app/providers';
import { type Call, GatewayError } from '@app/shared';
import type { CallerReply } from '../caller-reply.js';
import type { SecretMask } from './secret-mask.js';
import type { UsageTap } from './vendor-path.metering.js';

export interface RawReply extends CallerReply {
  /** The head goes out before the body. */
  flushHeaders(): void;
}

export interface RawAnswer {
  readonly call: Call;
  readonly response: VendorResponse;
  readonly headers: Readonly<Record<string, string>>;
  readonly meter: CallMeter;
  readonly reply: RawReply;
  readonly tap: UsageTap;
  readonly mask: SecretMask;
}

/** Carries an answer to the caller byte by byte, at the caller's pace. */
export class VendorPathRelay implements BodySink {
  private readonly settled = Promise.withResolvers<void>();

  constructor(private readonly answer: RawAnswer) {}

  /** Resolves when the caller has everything. @throws Error when the vendor broke off: the answer must be cut, too */
  run(): Promise<void> {
    const { response, headers, reply } = this.answer;
    reply.writeHead(response.status, headers);
    reply.flushHeaders();
    response.pipe(this);
    return this.settled.promise;
  }

  data(chunk: Buffer): boolean {
    const { response, meter, reply, tap, mask } = this.answer;
    meter.firstTokenAt ??= performance.now();
    tap.push(chunk);
    const shown = mask.push(chunk);
    if (shown.length === 0 || reply.write(shown)) {
      return true;
    }
    reply.once('drain', () => response.resume());
    return false;
  }

  end(): void {
    void this.conclude();
  }

  fail(error: Error): void {
    void this.cut(error);
  }

  private async conclude(): Promise<void> {
    const { response, meter, reply, tap, mask } = this.answer;
    tap.end(false);
    const { status } = response;
    await meter.close({ status, outcome: status < 400 ? 'completed' : 'failed' });
    reply.end(mask.end());
    this.settled.resolve();
  }

  private async cut(error: Error): Promise<void> {
    const { call, meter, response, tap } = this.answer;
    tap.end(true);
    if (!call.signal.aborted) {
      const errorCode = error instanceof GatewayError ? error.code : null;
      await meter.close({ status: response.status, outcome: 'cut', errorCode });
    }
    this.settled.reject(error);
  }
}

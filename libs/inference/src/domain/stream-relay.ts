import { type Ending, newGaps } from '@app/analytics';
import type { BodySink } from '@app/providers';
import { concealed, GatewayError, type Histogram, UpstreamError } from '@app/shared';
import { estimateUsage } from './estimate.js';
import { answerHeaders, type Exchange } from './exchange.js';
import { abortedBy } from './failed-call.js';
import type { OpenStream, OpenStreams } from './open-streams.js';
import { usageSoFar, type StreamFacts } from './stream-facts.js';
import type { StreamFraming } from './stream-framing.js';

const COMPLETED: Ending = { status: 200, outcome: 'completed' };

/** What happens to a vendor's stream on its way to the caller. */
export interface StreamTransform {
  /** Bytes for the caller; empty when there are none yet. After `failure` is set nothing is asked any more. */
  push(chunk: Buffer): Buffer | string;
  /** The vendor's body ended in order: the rest for the caller. */
  end(): Buffer | string;
  /** Wire text that ends the stream with a failure; null where the dialect needs to know nothing of what was said. */
  fail?(error: GatewayError): string | null;
  /** The vendor reported an error, or ended without its terminal event. */
  readonly failure: GatewayError | null;
  readonly facts: StreamFacts;
  /** What the vendor's bytes have as soon as something was said; absent: any byte says something. */
  readonly token?: RegExp;
  /** Set when bytes had a piece of the answer in them; whoever measures sets it back. Absent: it has no words. */
  said?: boolean;
}

/**
 * Carries one stream from vendor to caller: at the caller's pace, metered, ended once. The head goes out with the first
 * byte, so that a failure before it is still an honest status; so is one that comes together with what only opens a stream.
 */
export class StreamRelay implements BodySink, OpenStream {
  lastSentAt = performance.now();
  private over = false;
  /** When the last piece of the answer came; 0 before the first one. */
  private saidAt = 0;
  private gaps: Histogram | null = null;
  /** What came with the end of the vendor's answer leaves with the end of ours, in one write. */
  private held: Buffer | string = '';
  private readonly settled = Promise.withResolvers<GatewayError | null>();

  constructor(
    private readonly exchange: Exchange,
    private readonly transform: StreamTransform,
    private readonly streams: OpenStreams,
  ) {}

  /**
   * Resolves when the caller has everything, or was told of the failure in the stream: with that failure.
   *
   * @throws GatewayError when it failed before the first byte, or another vendor may go on with it
   */
  run(): Promise<GatewayError | null> {
    this.streams.add(this);
    this.exchange.response.pipe(this);
    return this.settled.promise;
  }

  data(chunk: Buffer, isLast: boolean): boolean {
    if (this.over) {
      return true;
    }
    const { meter, reply, response } = this.exchange;
    const now = performance.now();
    if (meter.firstTokenAt === null && this.saysSomething(chunk)) {
      meter.firstTokenAt = now;
    }
    const out = this.transform.push(chunk);
    const { failure } = this.transform;
    if (this.transform.said) {
      this.noteSaid(now);
    }
    if (failure) {
      if (meter.firstTokenAt !== null) {
        this.send(out, now);
      }
      this.stop(failure);
      response.abort();
      return true;
    }
    if (isLast) {
      this.held = out;
      return true;
    }
    if (this.send(out, now)) {
      return true;
    }
    reply.once('drain', () => response.resume());
    return false;
  }

  end(): void {
    if (this.over) {
      return;
    }
    const rest = this.transform.end();
    if (this.transform.failure) {
      this.send(this.held);
      this.stop(this.transform.failure);
      return;
    }
    this.finish();
    this.exchange.meter.firstTokenAt ??= performance.now();
    void this.conclude(COMPLETED, rest, this.held).then(() => this.settled.resolve(null));
  }

  fail(error: Error): void {
    this.stop(error instanceof GatewayError ? error : broken(this.exchange.route.vendor.id, error));
  }

  ping(): void {
    const ping = this.framing ? this.framing.ping : ': ping\n\n';
    if (ping === null) {
      return;
    }
    this.head();
    this.lastSentAt = performance.now();
    this.exchange.reply.write(ping);
  }

  terminate(error: GatewayError): void {
    this.stop(error);
    this.exchange.response.abort();
  }

  private get framing(): StreamFraming | undefined {
    return this.exchange.framing;
  }

  private saysSomething(chunk: Buffer): boolean {
    const { token } = this.transform;
    return token === undefined || token.test(chunk.toString('latin1'));
  }

  /** What only opens a stream starts no clock. */
  private noteSaid(now: number): void {
    this.transform.said = false;
    if (this.exchange.meter.firstTokenAt !== null) {
      if (this.saidAt > 0) {
        this.gaps ??= newGaps();
        this.gaps.add((now - this.saidAt) / 1000);
      }
      this.saidAt = now;
    }
  }

  /** True when the caller can take more. */
  private send(out: Buffer | string, now = performance.now()): boolean {
    const framed = this.framing && out.length > 0 ? this.framing.next(out) : out;
    if (framed.length === 0) {
      return true;
    }
    this.head();
    this.lastSentAt = now;
    return this.exchange.reply.write(framed);
  }

  private head(): void {
    const { reply } = this.exchange;
    if (!reply.headersSent) {
      const type = this.framing?.contentType ?? 'text/event-stream; charset=utf-8';
      const headers = answerHeaders(this.exchange, type);
      headers['cache-control'] = 'no-cache, no-transform';
      headers['x-accel-buffering'] = 'no';
      reply.writeHead(200, headers);
    }
  }

  /** Ends without the normal ending, so that no failure looks like a success. */
  private stop(failure: GatewayError): void {
    if (this.over) {
      return;
    }
    this.finish();
    const { call, reply, endpoint, continuing } = this.exchange;
    const error = concealed(failure, endpoint.apiKey);
    const mayGoOn = !reply.headersSent || continuing?.canGoOn;
    if (mayGoOn && !call.signal.aborted) {
      this.settled.reject(error);
    } else {
      void this.breakOff(error).then(() => this.settled.resolve(error));
    }
  }

  /** The answer has begun, and nobody goes on with it. */
  async breakOff(error: GatewayError): Promise<void> {
    const { call, meter, dialect, reply } = this.exchange;
    if (call.signal.aborted) {
      const { finish, usage } = this.transform.facts;
      // Clients hang up on the event that ends an answer, and the vendor's body may end a moment later.
      const hasAll = finish !== null && usage !== null;
      const { status, code } = abortedBy(call.signal.reason);
      await meter.close(hasAll ? COMPLETED : { status, outcome: 'aborted', errorCode: code });
      return;
    }
    const cut: Ending = { status: 200, outcome: 'cut', errorCode: error.code ?? undefined };
    if (this.framing?.isMute) {
      await meter.close(cut);
      reply.destroy?.();
      return;
    }
    const told = this.transform.fail?.(error) ?? dialect.writeStreamError(error, call.id);
    await this.conclude(cut, told);
  }

  /** The last bytes leave when what became of the call is safe. */
  private async conclude(ending: Ending, rest: Buffer | string, held: Buffer | string = ''): Promise<void> {
    const { meter, reply } = this.exchange;
    await meter.close(ending);
    this.head();
    this.send(held);
    reply.end(this.framing ? this.framing.last(rest) : rest);
  }

  private finish(): void {
    this.over = true;
    this.streams.delete(this);
    const { meter, asked } = this.exchange;
    const { facts } = this.transform;
    meter.upstreamId = facts.upstreamId || null;
    meter.modelUsed = facts.model || meter.modelUsed;
    meter.finish = facts.finish?.reason ?? null;
    meter.gaps = this.gaps;
    meter.usage = usageSoFar(facts) ?? (asked && estimateUsage(asked, facts.outputTokens));
  }
}

function broken(vendor: string, cause: Error): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'upstream_cut',
    message: `The vendor '${vendor}' broke off in the middle of its answer.`,
    cause,
  });
}

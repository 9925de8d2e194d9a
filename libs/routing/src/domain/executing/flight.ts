import { UpstreamError, UpstreamTimeoutError } from '@app/shared';
import type { Pass } from '../health/circuit-breaker.js';
import type { KeyCooldowns } from '../health/key-cooldowns.js';
import { readRateLimits } from '../health/rate-limits.js';
import { callClassOf, type SizeClass } from '../health/size-class.js';
import type { TargetFacts } from '../health/target-facts.js';
import type { Route } from '../model-router.js';
import type { VendorKey } from '../vendor-keys.js';
import type { AttemptLimits } from './attempt-limits.js';
import type { Errand, Sending, Sent } from './errand.js';
import { failureOf } from './failed-attempts.js';
import { judge, type Verdict } from './verdict.js';

/** Where an attempt goes. */
export interface Destination {
  readonly route: Route;
  readonly facts: TargetFacts;
  /** Null when there is none: the vendor's door then says so. */
  readonly key: VendorKey | null;
  /** Null when the circuit breaker is not asked, there being no other way. */
  readonly pass: Pass | null;
}

/** Of a hundred answers to such calls, all but five began sooner. */
const USUAL = 0.95;
/** Where nobody knows how long answers take, who waits less may just have a short deadline. */
const UNKNOWN_MS = 10_000;

/** One attempt: a request to one target with one key, until its answer has ended. */
export class Flight<Begun extends Sent> {
  readonly startedAt = performance.now();
  private readonly abort: AbortController | null;
  private readonly sending: Sending;
  private readonly size: SizeClass;
  private timer: NodeJS.Timeout | null = null;
  private begunAt = 0;
  /** Why it failed. */
  private error: unknown = null;
  private over = false;

  /** @param limits null: those of the gateway itself */
  constructor(
    private readonly errand: Errand<Begun>,
    private readonly to: Destination,
    private readonly cooldowns: KeyCooldowns,
    private readonly limits: AttemptLimits | null,
  ) {
    const { signal } = errand.call;
    this.abort = limits && new AbortController();
    this.sending = {
      route: to.route,
      apiKey: to.key?.secret ?? null,
      signal: this.abort?.signal ?? signal,
      waits: limits !== null,
      idleMs: limits?.idleMs ?? null,
      noteFailure: error => this.noteFailure(error),
      accepted: false,
    };
    this.size = callClassOf(errand);
    if (this.abort) {
      signal.addEventListener('abort', this, { once: true });
      if (signal.aborted) {
        this.handleEvent(); // no listener hears of what was before
      }
    }
    to.facts.begin();
  }

  get route(): Route {
    return this.to.route;
  }

  get key(): VendorKey | null {
    return this.to.key;
  }

  /** How long all but a few such calls wait for the target's first token, in ms; null when too few were measured. */
  slowMs(quantile: number, samples: number): number | null {
    const { facts } = this.to;
    return facts.samples(this.size) < samples ? null : facts.ttftQuantile(quantile, this.size);
  }

  /** From the start to the first token (of a whole answer: to the answer), in ms; 0 before it. */
  get ttftMs(): number {
    return this.begunAt === 0 ? 0 : this.begunAt - this.startedAt;
  }

  /** The caller left, or the gateway stops. */
  handleEvent(): void {
    this.abort?.abort(this.errand.call.signal.reason);
  }

  /** Sends the request. Resolves with the first token. @throws what `Errand.send` throws, UpstreamTimeoutError */
  async begin(): Promise<Begun> {
    const { stream } = this.errand;
    this.arm(stream ? this.limits?.firstTokenMs : this.limits?.answerMs);
    const begun = await this.errand.send(this.sending);
    this.begunAt = performance.now();
    if (stream) {
      this.disarm();
      const { answerMs = null } = this.limits ?? {};
      this.arm(answerMs === null ? null : answerMs - this.ttftMs);
    }
    if (!stream || this.sending.waits) {
      this.to.facts.answered({ ttftMs: this.ttftMs, size: this.size });
    }
    this.obey(begun);
    return begun;
  }

  /** Carries the answer to the caller. @throws what `Errand.answer` throws, UpstreamTimeoutError */
  async carry(begun: Begun): Promise<void> {
    const outputTokens = await this.errand.answer(begun);
    const { facts, pass, key, route } = this.to;
    const { firstTokenAt = null } = this.errand;
    if (!this.sending.waits && firstTokenAt !== null) {
      this.begunAt = firstTokenAt;
      facts.answered({ ttftMs: this.ttftMs, size: this.size });
    }
    if (this.errand.cut) {
      this.fail(this.errand.cut);
      return;
    }
    pass?.succeeded();
    if (key) {
      this.cooldowns.succeeded(key.id, route.target.model);
    }
    if (outputTokens !== null && outputTokens > 0) {
      facts.produced({ outputTokens, tokensPerSecond: this.pace(outputTokens), size: this.size });
    }
    this.end();
  }

  /** What it means that the flight failed; target and key are told. */
  fail(error: unknown): Verdict {
    this.error = error;
    const verdict = judge(error);
    this.tell(error, verdict);
    this.end();
    return verdict;
  }

  /** The target's breaker hears of one verdict for each flight: the first. */
  private noteFailure(error: UpstreamError): void {
    const verdict = judge(error);
    if (verdict.elsewhere) {
      this.tell(error, verdict);
    }
  }

  private tell(error: unknown, verdict: Verdict): void {
    const { pass, key, route } = this.to;
    const { status, retryAfterMs } = failureOf(error);
    if (this.errand.call.signal.aborted) {
      pass?.neutral();
    } else {
      if (verdict.elsewhere && error instanceof UpstreamError) {
        this.to.facts.missed();
      }
      if (verdict.broken && !this.isImpatient()) {
        pass?.failed(status);
      } else {
        pass?.neutral();
      }
      if (key && status !== null && verdict.otherKey) {
        this.cooldowns.cool({ keyId: key.id, model: route.target.model, status, retryAfterMs });
      }
    }
  }

  /** The call goes on elsewhere. What the vendor has begun, or may still be doing, it may bill. */
  leaveBehind(): void {
    if (this.mayBeBilled) {
      this.errand.abandoned(this.sending);
    }
  }

  /** The call ends with it, unanswered. */
  endTheCall(): void {
    if (this.mayBeBilled) {
      this.errand.spent(this.sending);
    } else if (failureOf(this.error).status !== null) {
      this.errand.refused();
    }
  }

  /** Somebody else was faster: hangs up, though the vendor may bill what it has done. */
  abandon(): void {
    this.to.pass?.neutral();
    this.abort?.abort(new Error('Another attempt was faster.'));
    this.leaveBehind();
    this.end();
  }

  /** The vendor took the request, or was hung up on while it may have been at work. */
  private get mayBeBilled(): boolean {
    const isLate = this.error instanceof UpstreamTimeoutError;
    return this.begunAt > 0 || this.sending.accepted || isLate || Boolean(this.abort?.signal.aborted);
  }

  /** It was not waited for as long as good answers may take: that says nothing of the target, which is everybody's. */
  private isImpatient(): boolean {
    const usualMs = this.to.facts.ttftQuantile(USUAL, this.size) ?? UNKNOWN_MS;
    return Boolean(this.abort?.signal.aborted) && performance.now() - this.startedAt < usualMs;
  }

  /** A stream flows after its first token; a whole answer was written until then. */
  private pace(outputTokens: number): number {
    const from = this.errand.stream ? this.begunAt : this.startedAt;
    return (outputTokens * 1000) / Math.max(1, performance.now() - from);
  }

  private obey({ response }: Begun): void {
    const { key, route } = this.to;
    const limits = key && this.limits && readRateLimits(name => response.header(name), Date.now());
    if (key && limits) {
      const size = { inputTokens: this.errand.inputTokens, outputTokens: this.to.facts.outputTokens() ?? 0 };
      this.cooldowns.noteLimits(key.id, route.target.model, limits, size);
    }
  }

  private arm(ms: number | null | undefined): void {
    if (ms !== null && ms !== undefined) {
      const late = new UpstreamTimeoutError(this.to.route.vendor.id, Math.round(ms));
      this.timer = setTimeout(() => this.abort?.abort(late), Math.max(1, Math.ceil(ms)));
    }
  }

  private disarm(): void {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  private end(): void {
    if (!this.over) {
      this.over = true;
      this.disarm();
      this.to.facts.end();
      if (this.abort) {
        this.errand.call.signal.removeEventListener('abort', this);
      }
    }
  }
}

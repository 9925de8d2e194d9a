import type { Charge, Reservation, Settlement } from '@app/budgets';
import { type FinishReason, type Usage, wholeCount } from '@app/dialects';
import { cost, isCharged, isExact, type Price, type PriceList } from '@app/providers';
import { type Call, endUserOf, type Histogram, type MeterReading, type TokenHold, usdOf } from '@app/shared';
import type { Outcome, UsageRecord } from './usage-record.entity.js';
import { billedFacts, countsIn, tokensOf } from './billed-facts.js';
import { budgetCharges } from './budget-charges.js';
import type { AttemptMade, CallCourse } from './call-course.js';
import { type AttemptTo, Holds } from './holds.js';
import { attemptId } from './record-id.js';
import { nameOf } from './stored-values.js';
import type { UsageRecorder } from './usage.recorder.js';
import type { CallMoney } from './usage-spool.js';
import type { VoiceFacts } from './voice-facts.entity.js';

const NONE: readonly AttemptMade[] = [];
const NO_TAGS: string[] = [];

export interface Ending {
  /** HTTP status that was sent, or meant. */
  readonly status: number;
  readonly outcome: Outcome;
  readonly errorCode?: string | null;
}

/**
 * Meters one call. Whoever carries the call fills the fields in as they become known, and closes it once; that leaves
 * one usage record, whatever became of the call.
 */
export class CallMeter implements MeterReading, CallCourse {
  /** As the caller spells it; empty until the request was read. */
  modelAsked = '';
  /** Whom the call is made for; null when nobody said. */
  endUser: string | null;
  provider: string | null = null;
  /** The vendor's name of the model it was asked for. Its price counts when the one that answered has none. */
  modelSent: string | null = null;
  /** The vendor's name of the model that answered. */
  modelUsed: string | null = null;
  upstreamId: string | null = null;
  stream = false;
  /** As the vendor tells; when it told none, an estimate that says so. */
  usage: Usage | null = null;
  finish: FinishReason | null = null;
  /** Requests sent to vendors. While it is 0 the call costs nothing. */
  attempts = 0;
  /** Its last attempt was refused, and told no usage: that costs nothing. */
  isFree = false;
  /** How the vendor was chosen, as plain JSON: written with the record, as it is then. Null when there was no choice. */
  decision: object | null = null;
  /** When a vendor was asked first: monotonic ms (`performance.now`); null while none was. */
  askedAt: number | null = null;
  /** Likewise. */
  firstTokenAt: number | null = null;
  gaps: Histogram | null = null;
  attemptsMade: readonly AttemptMade[] = NONE;
  /** How it went for who listens. Asked at the end. */
  voice: () => VoiceFacts | null = () => null;
  /** The call that began this work, and what budgets paid for it, not knowing its cost: it is this one's. Null: they paid nothing. */
  beginning: Pick<Settlement, 'call' | 'paid'> | null = null;
  /** The gateway had the answer already: it costs nothing, whatever its price. */
  cached = false;
  /**
   * In nano-USD, below zero where more was spent: what the one cost that was answered first, or what prompt passes saved. Asked at
   * the end, since the one may be under way, too, and the other goes by the usage.
   */
  savedNanoUsd: () => number = () => 0;
  outcome: Outcome | null = null;
  private closing: Promise<void> | null = null;
  private readonly holds = new Holds();
  /** Tokens that were taken off a quota; null when none limits them. */
  tokenHold: TokenHold | null = null;
  private abandoned = 0;
  private abandonedTokens = 0;
  /** What abandoned attempts cost, in nano-USD; null when that of one is unknown. */
  private abandonedNanoUsd: number | null = 0;
  /** What was reckoned for `priced.usage`, so that header, body and record reckon once. */
  private priced: {
    readonly usage: Usage;
    readonly model: string | null;
    readonly price: Price | null;
    readonly cost: number | null;
  } | null = null;

  constructor(
    readonly call: Call,
    readonly endpoint: string,
    private readonly prices: PriceList,
    private readonly recorder: UsageRecorder,
  ) {
    this.endUser = call.labels?.endUser ?? null;
  }

  /** The request was read. @param fields its parsed body, or the fields of a form */
  noteUser(fields: Readonly<Record<string, unknown>>): void {
    this.endUser = endUserOf(this.call.labels, fields);
  }

  /** What the call costs its caller, abandoned attempts included, in nano-USD; null when a part of it is unknown. */
  totalNanoUsd(): number | null {
    const own = this.costNanoUsd();
    return own === null || this.abandonedNanoUsd === null ? null : own + this.abandonedNanoUsd;
  }

  /**
   * An attempt is given up, and the call goes on without it. It leaves a record of its own: what was spent there was spent,
   * whoever answers in the end; and what was learnt of it says nothing of the next.
   *
   * @param to the vendor, and its name of the model
   * @param usage what it may bill; null when nobody knows
   */
  leaveAttempt(to: AttemptTo & { readonly model: string }, usage: Usage | null): void {
    this.abandoned += 1;
    const call = { ...this.call, id: attemptId(this.call.id, this.abandoned) };
    const attempt = new CallMeter(call, this.endpoint, this.prices, this.recorder);
    attempt.modelAsked = this.modelAsked;
    attempt.endUser = this.endUser;
    attempt.provider = to.provider;
    attempt.modelSent = to.model;
    attempt.stream = this.stream;
    attempt.attempts = 1;
    attempt.usage = usage;
    this.holds.move(to, attempt.holds);
    this.abandonedTokens += usage ? tokensOf(usage) : 0;
    void attempt.close({ status: 499, outcome: 'aborted', errorCode: 'attempt_abandoned' });
    const spent = attempt.costNanoUsd();
    this.abandonedNanoUsd =
      spent === null || this.abandonedNanoUsd === null ? null : this.abandonedNanoUsd + spent;
    this.modelUsed = null;
    this.upstreamId = null;
    this.usage = null;
    this.finish = null;
    this.firstTokenAt = null;
    this.gaps = null;
  }

  /** The last attempt is given up, and nobody answers: what it may bill is the call's own. @param usage as of `leaveAttempt` */
  endAttempt(to: { readonly provider: string; readonly model: string }, usage: Usage | null): void {
    this.provider = to.provider;
    this.modelSent = to.model;
    this.usage = usage;
  }

  /** Money is set aside for an attempt that is about to begin; or that nobody waits for any more, while the store was asked. */
  reserved(to: AttemptTo, reservation: Reservation): void {
    if (this.closing) {
      reservation.settle(0);
    } else {
      this.holds.add(to, reservation);
    }
  }

  /** The vendor has refused that attempt, which costs nothing. */
  attemptRefused(to: AttemptTo): void {
    this.holds.free(to);
  }

  /**
   * A vendor is about to be asked. Resolves when no crash of the gateway could hide that; whoever asks then counts the attempt.
   *
   * @param to the vendor, and its name of the model, null when nobody can tell
   */
  begin(to: AttemptTo): Promise<void> {
    const { id, projectId, keyId, receivedAt, labels } = this.call;
    const charge = this.holds.held();
    return this.recorder.begin({
      id,
      projectId,
      keyId,
      endpoint: this.endpoint,
      provider: to.provider,
      modelAsked: nameOf(this.modelAsked),
      modelUsed: nameOf(to.model),
      stream: this.stream,
      endUser: this.endUser,
      tags: labels?.tags ?? NO_TAGS,
      receivedAt,
      ...(charge && { charge }),
    });
  }

  /**
   * Writes the usage record, and resolves when no crash loses it: the last byte of an answer waits for that. Only the first call
   * counts, so that each way out may close.
   */
  close(ending: Ending): Promise<void> {
    this.outcome ??= ending.outcome;
    if (!this.closing) {
      const charge = this.settled(ending);
      this.tokenHold?.settle(this.tokensUsed());
      const record = this.toRecord(ending, charge);
      this.closing = this.recorder.record(record, this.decision, this.moneyOf(record, charge), this);
    }
    return this.closing;
  }

  private moneyOf({ costNanoUsd: nanoUsd }: UsageRecord, charge: Charge | undefined): CallMoney | undefined {
    if (this.beginning && nanoUsd !== null) {
      return { settlement: { ...this.beginning, number: 0, nanoUsd } };
    }
    return charge && { charge };
  }

  /** By all attempts; null when nobody knows. */
  private tokensUsed(): number | null {
    if (this.usage === null) {
      return this.attempts === 0 || this.isFree ? this.abandonedTokens : null;
    }
    return tokensOf(this.usage) + this.abandonedTokens;
  }

  private settled({ outcome }: Ending): Charge | undefined {
    const isMeasured = this.usage?.estimated !== true;
    const isUnseen = !isMeasured && !this.stream && outcome !== 'completed';
    const cost = this.costNanoUsd();
    if (cost !== null && this.holds.areExceededBy(cost)) {
      const { id: callId, projectId } = this.call;
      const { provider, modelSent: model } = this;
      this.recorder.tellExcess({ callId, projectId, provider, model, costUsd: usdOf(cost) });
    }
    return this.holds.settle(cost, isMeasured ? 'measured' : isUnseen ? 'unseen' : 'estimated');
  }

  /** What the attempt that answers costs, as far as its usage is known; null when usage or a price is unknown. */
  costNanoUsd(): number | null {
    if (this.cached) {
      return 0;
    }
    if (this.usage === null) {
      return this.attempts === 0 || this.isFree ? 0 : null;
    }
    const { usage, modelUsed: model } = this;
    if (this.priced?.usage !== usage || this.priced.model !== model) {
      const price = this.price();
      this.priced = { usage, model, price, cost: this.costOf(usage, price) };
    }
    return this.priced.cost;
  }

  private toRecord({ status, outcome, errorCode }: Ending, charge: Charge | undefined): UsageRecord {
    const { call, usage } = this;
    const costNanoUsd = this.costNanoUsd();
    return {
      id: call.id,
      projectId: call.projectId,
      keyId: call.keyId,
      endUser: this.endUser,
      tags: call.labels?.tags ?? NO_TAGS,
      endpoint: this.endpoint,
      provider: this.provider,
      modelAsked: nameOf(this.modelAsked),
      modelUsed: nameOf(this.modelUsed ?? (this.attempts > 0 ? this.modelSent : null)),
      modelSent: this.modelUsed && this.modelUsed !== this.modelSent ? nameOf(this.modelSent) : null,
      upstreamId: nameOf(this.upstreamId),
      stream: this.stream,
      outcome,
      status,
      finish: this.finish,
      errorCode: nameOf(errorCode),
      ...countsIn(usage),
      billed: billedFacts(usage),
      estimated: usage?.estimated ?? false,
      costNanoUsd,
      budgetCharges: budgetCharges(charge),
      priceExact: costNanoUsd === null || usage === null ? null : isExact(this.priced?.price ?? null, usage),
      priceVersion: usage === null || isCharged(usage) ? null : this.prices.version,
      latencyMs: wholeCount(performance.now() - call.startedAt),
      firstTokenMs: this.firstTokenAt === null ? null : wholeCount(this.firstTokenAt - call.startedAt),
      voice: this.voice(),
      attempts: this.attempts,
      cached: this.cached,
      savedNanoUsd: this.savedNanoUsd(),
      receivedAt: call.receivedAt,
    };
  }

  private costOf(usage: Usage, price: Price | null): number | null {
    const own = cost(price, usage);
    return isCharged(usage) ? own : this.withExtra(own, usage.extra);
  }

  private price(): Price | null {
    return this.priceOf(this.modelUsed) ?? this.priceOf(this.modelSent);
  }

  private priceOf(model: string | null): Price | null {
    const { provider, call } = this;
    return provider && model ? this.prices.priceOf(provider, model, call.receivedAt) : null;
  }

  /** Adds the tokens of other models that the vendor used on the way (an advisor, a classifier). */
  private withExtra(own: number | null, extra: Usage['extra'] = []): number | null {
    let sum = own;
    for (const { model, inputTokens, outputTokens } of extra) {
      const more = cost(this.priceOf(model), { inputTokens, outputTokens });
      sum = sum === null || more === null ? null : sum + more;
    }
    return sum;
  }
}

import { type CallMeter, type Metering, type Outcome, turnId } from '@app/analytics';
import { decodedBytes, type LiveDialect, type LiveNews, openAiRealtime, type Usage } from '@app/dialects';
import type { Spending } from '@app/inference';
import type { Route } from '@app/routing';
import { type Call, putLast, UpstreamTimeoutError, WorkUnderWay } from '@app/shared';
import { LateUsage } from './late-usage.js';
import { LiveContext } from './live-context.js';
import { LivePurse, mostOf } from './live-purse.js';
import { LiveSpeeches, MOST_TRANSCRIBED } from './live-speeches.js';
import { LiveTurn } from './live-turn.js';
import { TurnFunds } from './turn-funds.js';

export const REALTIME_ENDPOINT = '/v1/realtime';

/** Of an answer, and of what the caller says before it, in tokens: minutes of speech. */
export const TURN_TOKENS = 4096;
/** What is around the sound in frames of OpenAI's. */
const AROUND_SOUND_BYTES = 200;
const MOST_ENDED = 100;

export interface TurnsParts {
  readonly metering: Metering;
  readonly spending: Spending;
}

/** Whose session it is, and with whom. */
export interface LiveParty {
  readonly call: Call;
  readonly route: Route;
  /** As the caller asked it. */
  readonly modelAsked: string;
}

type News<Kind extends LiveNews['kind']> = Extract<LiveNews, { kind: Kind }>;

/**
 * What a session costs: for each of its answers, and for each time that the caller's speech was written down, something is set aside
 * before, and one record is left when it is over.
 */
export class LiveTurns {
  private readonly answers: TurnFunds;
  private readonly speeches: LiveSpeeches;
  private readonly turns = new Map<string, LiveTurn>();
  /** The last of those that are over: a vendor that tells an end twice is paid once. */
  private readonly ended = new Map<string, true>();
  private readonly closing = new WorkUnderWay();
  /** Of the last answer, when it ended without. */
  private readonly late = new LateUsage();
  /** The vendor's name of the model that writes down what the caller says. */
  private transcriber = '';
  private sum = 0;
  private isClosed = false;
  /** Since then an answer is waited for, in monotonic ms. */
  private askedAt: number | null = null;
  private readonly context: LiveContext;
  /** An answer came to its end, and did not fail. */
  haveAnswered = false;
  /** The vendor's name of the session. */
  sessionId: string | null = null;

  /**
   * @param onRefused hears why nothing more can be paid
   * @param before of the session's last connection: its conversation is read again; null: there was none
   */
  constructor(
    private readonly parts: TurnsParts,
    private readonly party: LiveParty,
    private readonly onRefused: (error: unknown) => void,
    before: LiveTurns | null,
  ) {
    this.sum = before?.sum ?? 0;
    this.context = new LiveContext(
      party.route.vendor.live?.tokensPerSecond ?? openAiRealtime.tokensPerSecond,
    );
    if (before) {
      this.context.take(before.context);
    }
    this.sessionId = before?.sessionId ?? null;
    const { call, route } = party;
    const { spending } = parts;
    const { context } = this;
    const most = () => mostOf(context.usage.inputTokens + TURN_TOKENS, TURN_TOKENS);
    this.answers = new TurnFunds(new LivePurse(spending, call, () => route, most), onRefused);
    const transcribing = () => ({ ...route, target: { ...route.target, model: this.transcriber } });
    this.speeches = new LiveSpeeches({
      purse: new LivePurse(spending, call, transcribing, () => MOST_TRANSCRIBED),
      onRefused,
      context,
      meter: item => this.meter(this.transcriber, item),
    });
  }

  /** Sets aside what the first answer costs. @throws GatewayError (402, 429, 503) */
  open(): Promise<void> {
    return this.answers.open();
  }

  /** An answer is on its way, or asked for. */
  get areUnderWay(): boolean {
    return this.turns.size > 0 || this.askedAt !== null;
  }

  /** What the caller said is being written down. */
  get areSpeechesUnderWay(): boolean {
    return this.speeches.areUnderWay;
  }

  /** The caller waits, until the end of its speech is paid for. */
  get isPaying(): boolean {
    return this.speeches.isPaying;
  }

  /** The caller ends its speech: as `LiveSpeeches.pay`. */
  paySpeech(): Promise<void> | null {
    return this.speeches.pay();
  }

  /** What the last answer has used is yet to be told. */
  get isUsageAwaited(): boolean {
    return this.late.isAwaited;
  }

  /** The caller has said that, which the next answer reads. @param dialect the caller's */
  noteSaid(frame: Buffer, isSound: boolean, dialect: LiveDialect): void {
    const { context } = this;
    if (isSound) {
      context.noteSound(dialect.heardSeconds(frame, context.heardBytesPerSecond));
    } else {
      context.noteWords(frame.length);
    }
  }

  /** Whether an answer has not been heard yet. */
  get areAwaited(): boolean {
    for (const turn of this.turns.values()) {
      if (!turn.isHeard) {
        return true;
      }
    }
    return false;
  }

  /** The caller wants an answer. */
  asked(): void {
    this.askedAt = performance.now();
  }

  /** The caller has begun to speak, whatever is being said. */
  spokenOver(): void {
    this.turns.forEach(turn => turn.noteSpokenOver());
  }

  /** @param bytes of a frame of sound */
  noteSound(bytes: number): void {
    const seconds = decodedBytes(bytes - AROUND_SOUND_BYTES) / this.context.spokenBytesPerSecond;
    this.turns.forEach(turn => turn.noteSound(seconds));
  }

  hear(news: LiveNews): void {
    if (this.isClosed || (news.kind !== 'begun' && 'answer' in news && this.ended.has(news.answer))) {
      return; // it is on record
    }
    switch (news.kind) {
      case 'settled':
        return this.settle(news);
      case 'asked':
        this.context.speechEnded(news.atMs);
        return this.asked();
      case 'cleared':
        return this.context.cleared();
      case 'committed':
        return this.speeches.committed(news.item, this.context.committed());
      case 'uncommitted':
        return this.speeches.uncommitted();
      case 'transcribed':
        return this.wait(this.speeches.transcribed(news.item, news.usage));
      case 'unwritten':
        return this.wait(this.speeches.failed(news.item, news.code));
      case 'begun':
        this.ended.delete(news.answer); // vendors use names again
        this.turn(news.answer);
        return;
      case 'told':
        return this.turn(news.answer).noteText(news.characters);
      case 'sounded':
        return this.noteSounded(news);
      case 'speaking':
        this.context.speechBegan(news.atMs);
        return this.spokenOver();
      case 'interrupted':
        this.spokenOver();
        this.turn(news.answer).isInterrupted = true;
        return;
      case 'spent':
        return this.noteUsage(news);
      default:
        return this.end(news);
    }
  }

  /** Nobody answers in time. What was asked is read by then, and billed. */
  giveUp(mostMs: number): UpstreamTimeoutError {
    if (this.askedAt !== null) {
      this.turn('');
    }
    return new UpstreamTimeoutError(this.party.route.vendor.id, mostMs);
  }

  /** The session is over: nothing is set aside any more, and all records are written. */
  async close(outcome: Outcome, errorCode: string): Promise<void> {
    this.late.end(null);
    this.isClosed = true;
    this.answers.close();
    this.wait(this.speeches.close(outcome, errorCode));
    for (const turn of this.turns.values()) {
      this.wait(turn.breakOff(outcome, errorCode));
    }
    this.turns.clear();
    await this.closing.idle();
  }

  private settle({ sessionId, transcriber, heard, spoken }: News<'settled'>): void {
    const { context } = this;
    context.heardBytesPerSecond = heard ?? context.heardBytesPerSecond;
    context.spokenBytesPerSecond = spoken ?? context.spokenBytesPerSecond;
    this.sessionId ??= sessionId;
    this.transcriber = transcriber ?? this.transcriber;
    this.speeches.settled(transcriber !== null);
  }

  private noteSounded({ answer, bytes, bytesPerSecond }: News<'sounded'>): void {
    this.turn(answer).noteSound(bytes / (bytesPerSecond ?? this.context.spokenBytesPerSecond));
  }

  private turn(answer: string): LiveTurn {
    let turn = this.turns.get(answer);
    if (!turn) {
      this.late.end(null);
      const meter = this.meter(this.party.route.target.model, answer);
      turn = new LiveTurn(meter, this.answers.take(), this.context, this.askedAt);
      this.turns.set(answer, turn);
      this.askedAt = null;
    }
    return turn;
  }

  private end({ answer, usage, end, code }: News<'over'>): void {
    const turn = this.turn(answer);
    this.turns.delete(answer);
    if (answer !== '') {
      putLast(this.ended, answer, true, MOST_ENDED); // Gemini's have no names
    }
    this.haveAnswered ||= end !== 'failed';
    const finish = (told: Usage | null): void => {
      const isNothing = end === 'failed' && !turn.isHeard;
      const usage = told ?? (isNothing ? null : turn.estimate);
      if (usage) {
        this.context.answered(usage);
      }
      this.wait(turn.end(end, usage, code).finally(() => this.answers.refill()));
    };
    if (usage) {
      finish(usage);
    } else {
      this.late.await(told => finish(told ?? turn.usage));
    }
  }

  /** Gemini may tell it once the answer is over. */
  private noteUsage({ answer, usage }: News<'spent'>): void {
    if (this.turns.has(answer) || !this.late.end(usage)) {
      this.turn(answer).usage = usage;
    }
  }

  private meter(model: string, upstreamId: string): CallMeter {
    const { call, route, modelAsked } = this.party;
    const now = performance.now();
    this.sum += 1;
    const turn: Call = {
      ...call,
      id: turnId(call.id, this.sum),
      receivedAt: Math.round(call.receivedAt + now - call.startedAt),
      startedAt: this.askedAt ?? now,
      ...(call.trace && { trace: { ...call.trace, partOf: call.id } }),
    };
    const meter = this.parts.metering.open(turn, REALTIME_ENDPOINT);
    meter.modelAsked = modelAsked;
    meter.provider = route.vendor.id;
    meter.modelSent = model;
    meter.upstreamId = upstreamId === '' ? null : upstreamId;
    meter.stream = true;
    meter.attempts = 1;
    return meter;
  }

  private wait(work: Promise<unknown>): void {
    this.closing.add(work.catch(this.onRefused));
  }
}

import { type CallMeter, type Metering, type Outcome, turnId } from '@app/analytics';
import type { LiveNews, Usage } from '@app/dialects';
import type { MostUse, Spending } from '@app/inference';
import type { Route } from '@app/routing';
import { type Call, putLast, WorkUnderWay } from '@app/shared';
import { LateUsage } from './late-usage.js';
import { LiveTurn } from './live-turn.js';
import { type Funds, TurnFunds } from './turn-funds.js';

export const REALTIME_ENDPOINT = '/v1/realtime';

/** Of an answer, and of what the caller says before it, in tokens: minutes of speech. */
export const TURN_TOKENS = 4096;
/** Of text, and of sound, of which OpenAI counts 10 tokens a second. */
const BYTES_PER_TOKEN = 4;
const HEARD_BYTES_PER_TOKEN = 6400;
const TRANSCRIBED_TOKENS = 1200;
const TRANSCRIBED_SECONDS = 60;
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
  private transcripts: TurnFunds | null = null;
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
  /** Of the last answer, with all that went into it: the next one reads it again. */
  private contextTokens = 0;
  /** An answer came to its end. */
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
    this.contextTokens = before?.contextTokens ?? 0;
    this.sessionId = before?.sessionId ?? null;
    const most = (): MostUse => mostOf(Math.ceil(this.contextTokens) + TURN_TOKENS, TURN_TOKENS);
    this.answers = new TurnFunds(() => this.raise(party.route, most), onRefused);
  }

  /** Sets aside what the first answer costs. @throws GatewayError (402, 429, 503) */
  open(): Promise<void> {
    return this.answers.open();
  }

  /** An answer is on its way, or asked for. */
  get areUnderWay(): boolean {
    return this.turns.size > 0 || this.askedAt !== null;
  }

  /** What the last answer has used is yet to be told. */
  get isUsageAwaited(): boolean {
    return this.late.isAwaited;
  }

  /** The caller has said that much, which the next answer reads. @param isSound in base64 */
  noteSaid(bytes: number, isSound: boolean): void {
    this.contextTokens += bytes / (isSound ? HEARD_BYTES_PER_TOKEN : BYTES_PER_TOKEN);
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
    for (const turn of this.turns.values()) {
      turn.noteSpokenOver();
    }
  }

  /** @param bytes of a frame of sound */
  noteSound(bytes: number): void {
    for (const turn of this.turns.values()) {
      turn.noteSound(bytes);
    }
  }

  hear(news: LiveNews): void {
    if (this.isClosed || (news.kind !== 'begun' && 'answer' in news && this.ended.has(news.answer))) {
      return; // it is on record
    }
    switch (news.kind) {
      case 'settled':
        return this.settle(news);
      case 'asked':
        return this.asked();
      case 'transcribed':
        return this.noteTranscript(news);
      case 'begun':
        this.ended.delete(news.answer); // vendors use names again
        this.turn(news.answer);
        return;
      case 'told':
        return this.turn(news.answer).noteText();
      case 'sounded':
        return this.noteSounded(news.answer);
      case 'speaking':
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

  /** The session is over: nothing is set aside any more, and all records are written. */
  async close(outcome: Outcome, errorCode: string): Promise<void> {
    this.late.end(null);
    this.isClosed = true;
    this.answers.close();
    this.transcripts?.close();
    for (const turn of this.turns.values()) {
      this.wait(turn.breakOff(outcome, errorCode));
    }
    this.turns.clear();
    await this.closing.idle();
  }

  private settle({ sessionId, transcriber }: News<'settled'>): void {
    this.sessionId ??= sessionId;
    this.transcriber = transcriber ?? this.transcriber;
    if (transcriber !== null && !this.transcripts) {
      const most = (): MostUse => ({
        ...mostOf(TRANSCRIBED_TOKENS, TRANSCRIBED_TOKENS),
        audioSeconds: TRANSCRIBED_SECONDS,
      });
      this.transcripts = new TurnFunds(() => this.raise(this.transcribing, most), this.onRefused);
      this.transcripts.refill();
    }
  }

  private noteSounded(answer: string): void {
    const turn = this.turn(answer);
    turn.noteText();
    turn.noteSound(0); // its length is not known of a frame with more than sound
  }

  private turn(answer: string): LiveTurn {
    let turn = this.turns.get(answer);
    if (!turn) {
      this.late.end(null);
      const meter = this.meter(this.party.route.target.model, answer);
      turn = new LiveTurn(meter, this.answers.take(), Math.ceil(this.contextTokens), this.askedAt);
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
    this.haveAnswered = true;
    const finish = (told: Usage | null): void => {
      this.contextTokens = told ? told.inputTokens + told.outputTokens : this.contextTokens;
      const isNothing = end === 'failed' && !turn.isHeard;
      this.wait(
        turn.end(end, told ?? (isNothing ? null : turn.estimate), code).finally(() => this.answers.refill()),
      );
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

  private noteTranscript({ item, usage }: News<'transcribed'>): void {
    const meter = this.meter(this.transcriber, item);
    const turn = new LiveTurn(meter, this.transcripts?.take() ?? Promise.resolve(null), 0, null);
    this.wait(turn.end('completed', usage, null).finally(() => this.transcripts?.refill()));
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

  /** @throws as `open` */
  private async raise(route: Route, use: () => MostUse): Promise<Funds> {
    const { call } = this.party;
    if (this.parts.spending.isFree(call)) {
      return { reservation: null, tokens: null };
    }
    const tokens = (await call.tokens?.hold(0, 0)) ?? null;
    try {
      return { tokens, reservation: await this.parts.spending.setAside({ call, route, fields: {}, use }) };
    } catch (error) {
      tokens?.settle(0);
      throw error;
    }
  }

  private get transcribing(): Route {
    const { route } = this.party;
    return { ...route, target: { ...route.target, model: this.transcriber } };
  }

  private wait(work: Promise<unknown>): void {
    this.closing.add(work.catch(this.onRefused));
  }
}

function mostOf(inputTokens: number, outputTokens: number): MostUse {
  return { inputTokens, outputTokens, images: 0, answers: 1, media: { in: true, out: true } };
}

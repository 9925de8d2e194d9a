import type { CallMeter, Outcome, VoiceFacts } from '@app/analytics';
import type { LiveEnd, Usage } from '@app/dialects';
import { answerUsage, type InputUsage, type LiveContext } from './live-context.js';
import { SoundTimes } from './sound-times.js';
import type { Funds } from './turn-funds.js';

const OUTCOMES: Readonly<Record<LiveEnd, Outcome>> = {
  completed: 'completed',
  interrupted: 'aborted',
  failed: 'failed',
};

/** One answer of a session, from its first sign to its end: one record. */
export class LiveTurn {
  /** As its vendor told it so far. */
  usage: Usage | null = null;
  isInterrupted = false;
  /** Something of it was passed on. */
  isHeard = false;
  /** Of its sound. */
  seconds = 0;
  /** Of its words. */
  characters = 0;
  private readonly input: InputUsage;
  private readonly times: SoundTimes;
  private readonly ready: Promise<unknown>;

  /**
   * @param context that it reads
   * @param askedAt since when it is waited for, in monotonic ms; null: nobody told
   */
  constructor(
    readonly meter: CallMeter,
    funds: Promise<Funds | null>,
    private readonly context: LiveContext,
    private readonly askedAt: number | null,
  ) {
    this.input = context.usage;
    this.times = new SoundTimes(askedAt);
    this.ready = funds.then(raised => this.begin(raised));
  }

  /** A piece of it was said. */
  noteText(characters: number): void {
    this.characters += characters;
    this.heard();
  }

  noteSound(seconds: number): void {
    this.seconds += seconds;
    this.heard();
    this.times.sounded();
  }

  noteSpokenOver(): void {
    this.times.spokenOver();
  }

  /** What it used, as far as anybody can know whom nobody told. */
  get estimate(): Usage {
    return answerUsage(this.input, this, this.context.rates);
  }

  /** Its vendor has ended it. @param usage null: as told before */
  async end(end: LiveEnd, usage: Usage | null, code: string | null): Promise<void> {
    await this.ready;
    this.meter.usage = usage ?? this.usage;
    const how = end === 'completed' && this.isInterrupted ? 'interrupted' : end;
    this.meter.voice = () => this.voice(how === 'interrupted');
    const errorCode = how === 'completed' ? null : (code ?? how);
    await this.meter.close({ status: 200, outcome: OUTCOMES[how], errorCode });
  }

  /** Nobody hears its end: what it used is told by nobody, and estimated. */
  async breakOff(outcome: Outcome, errorCode: string): Promise<void> {
    await this.ready;
    this.meter.usage = this.usage ?? this.estimate;
    this.meter.voice = () => this.voice(false);
    await this.meter.close({ status: 200, outcome, errorCode });
  }

  private heard(): void {
    this.isHeard = true;
    if (this.askedAt !== null) {
      this.meter.firstTokenAt ??= performance.now();
    }
  }

  private voice(isInterrupted: boolean): VoiceFacts | null {
    const { isHeard, firstSoundMs, bargeInMs } = this.times;
    return isHeard ? { firstSoundMs, bargeInMs: isInterrupted ? bargeInMs : null, relay: null } : null;
  }

  private begin(funds: Funds | null): Promise<void> {
    const { meter } = this;
    const to = { provider: meter.provider ?? '', model: meter.modelSent };
    if (funds) {
      meter.tokenHold = funds.tokens;
      if (funds.reservation) {
        meter.reserved(to, funds.reservation);
      }
    }
    return meter.begin(to);
  }
}

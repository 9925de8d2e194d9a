import type { CallMeter, Outcome } from '@app/analytics';
import { heardUsage } from '@app/audio';
import type { Usage } from '@app/dialects';
import type { LiveContext } from './live-context.js';
import { mostOf } from './live-purse.js';
import { LiveTurn } from './live-turn.js';
import { type Funds, type Purse, release, TurnFunds } from './turn-funds.js';

/** The most that is set aside for one: minutes of speech. */
const TRANSCRIBED_TOKENS = 1200;
const TRANSCRIBED_SECONDS = 60;
export const MOST_TRANSCRIBED = {
  ...mostOf(TRANSCRIBED_TOKENS, TRANSCRIBED_TOKENS),
  audioSeconds: TRANSCRIBED_SECONDS,
};

export interface SpeechesParts {
  readonly purse: Purse;
  readonly context: LiveContext;
  /** Hears why nothing more can be paid. */
  onRefused(error: unknown): void;
  meter(item: string): CallMeter;
}

/**
 * What the caller says, as another model writes it down: each speech is one record. Something is set aside before the vendor is told
 * that it is over, or as soon as the vendor tells that; and once it is, it is paid for.
 */
export class LiveSpeeches {
  /** Whether anybody writes down what is said. */
  isOn = false;
  /** The caller waits until the end of its speech is paid for. */
  isPaying = false;
  private isPaid = false;
  private isClosed = false;
  private readonly funds: TurnFunds;
  /** For those whose vendor is told that they are over, in order. */
  private readonly ahead: Funds[] = [];
  /** Those that are being written down, by item. */
  private readonly turns = new Map<string, LiveTurn>();

  constructor(private readonly parts: SpeechesParts) {
    this.funds = new TurnFunds(parts.purse, error => parts.onRefused(error));
  }

  get areUnderWay(): boolean {
    return this.turns.size > 0 || this.ahead.length > 0;
  }

  settled(isOn: boolean): void {
    this.isOn = isOn;
    this.refill();
  }

  /** The caller ends its speech. Null when its vendor may be told; else resolves when that is to be asked again, if it is paid for. */
  pay(): Promise<void> | null {
    if (!this.isOn || this.isPaid) {
      this.isPaid = false;
      return null;
    }
    this.isPaying = true;
    return this.payAhead();
  }

  /** The vendor has a speech to write down. @param seconds it lasts */
  committed(item: string, seconds: number): void {
    const funds = this.ahead.shift();
    if (this.isOn) {
      this.begin(item, funds).usage = heardUsage({ seconds });
    } else if (funds) {
      release(funds);
    }
  }

  /** The vendor finds that there is none. */
  uncommitted(): void {
    const funds = this.ahead.shift();
    if (funds) {
      release(funds);
    }
  }

  async transcribed(item: string, usage: Usage | null): Promise<void> {
    const turn = this.turns.get(item) ?? this.begin(item);
    this.turns.delete(item);
    await turn.end('completed', usage, null);
    this.refill();
  }

  /** Nobody could write it down, which costs nothing. */
  async failed(item: string, code: string | null): Promise<void> {
    const turn = this.turns.get(item);
    this.turns.delete(item);
    if (turn) {
      turn.usage = null;
      turn.meter.isFree = true;
      await turn.end('failed', null, code);
    }
  }

  /** The session is over. Resolves when all is on record. */
  async close(outcome: Outcome, errorCode: string): Promise<void> {
    this.isClosed = true;
    this.funds.close();
    this.ahead.splice(0).forEach(release);
    const turns = [...this.turns.values()];
    this.turns.clear();
    await Promise.all(turns.map(turn => turn.breakOff(outcome, errorCode)));
  }

  private async payAhead(): Promise<void> {
    const funds = await this.funds.claim();
    this.isPaying = false;
    if (funds && this.isClosed) {
      release(funds);
    } else if (funds) {
      this.ahead.push(funds);
      this.isPaid = true;
    }
  }

  private begin(item: string, ahead?: Funds): LiveTurn {
    const funds = ahead ? Promise.resolve(ahead) : this.funds.take();
    const turn = new LiveTurn(this.parts.meter(item), funds, this.parts.context, null);
    this.turns.set(item, turn);
    return turn;
  }

  private refill(): void {
    if (this.isOn && !this.areUnderWay) {
      this.funds.refill();
    }
  }
}

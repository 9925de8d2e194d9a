import type { CallMeter, VoiceFacts } from '@app/analytics';
import { SoundTimes } from '../sound-times.js';

/** The call that makes a piece of sound. */
export interface Sounding {
  readonly meter: CallMeter | null;
  /** Its sound is passed on as it comes. */
  readonly isHeard: boolean;
}

/**
 * How an answer went for who listens. The text has long been written, and is on record, when its first sound is heard: the record of the
 * speech that makes that sound tells when it was, and that of a call which was broken off how long the answer was heard on.
 */
export class AnswerFacts {
  private readonly speeches: CallMeter[] = [];
  private readonly times: SoundTimes;
  private text: CallMeter | null = null;
  private first: CallMeter | null = null;
  private cut: CallMeter | null = null;

  /** @param askedAt since when it is waited for, in monotonic ms */
  constructor(askedAt: number) {
    this.times = new SoundTimes(askedAt);
  }

  /** That call writes it. */
  writtenBy(meter: CallMeter): void {
    this.text = meter;
    meter.voice = () => this.of(meter);
  }

  /** That one speaks a part of it, in the order of these. */
  spokenBy(meter: CallMeter, sounding: Sounding): void {
    this.speeches.push(meter);
    meter.voice = () => {
      if (this.first === null && meter.outcome === 'completed' && sounding.isHeard) {
        this.sounded(sounding); // what comes with the end of a speech is told when that is on record
      }
      return this.of(meter);
    };
  }

  /** A piece of its sound is passed on. */
  sounded({ meter }: Sounding): void {
    if (!this.times.isHeard) {
      this.first = meter;
    }
    this.times.sounded();
  }

  /** The caller has begun to speak, or does not want to hear more. */
  spokenOver(): void {
    this.times.spokenOver();
  }

  /** Its caller breaks it off, and hears no more of it. To be told before its calls are. */
  breakOff(): void {
    this.spokenOver();
    this.cut = [...this.speeches, this.text].find(meter => meter?.outcome === null) ?? null;
  }

  private of(meter: CallMeter): VoiceFacts | null {
    const { times, first, cut } = this;
    const firstSoundMs = meter === first ? times.firstSoundMs : null;
    const bargeInMs = meter === cut ? times.bargeInMs : null;
    return firstSoundMs === null && bargeInMs === null ? null : { firstSoundMs, bargeInMs, relay: null };
  }
}

import type { MeterReading } from '@app/shared';
import type { Answered, KeptAnswer } from './kept-answer.entity.js';
import { ANSWER_LIMIT_BYTES, type KeyHolder } from './kept-answers.service.js';
import { Recording } from './recording.js';

/** A call that has a key, at this gateway. */
export class RunningCall {
  readonly recording = new Recording(ANSWER_LIMIT_BYTES);
  meter: MeterReading | null = null;
  /** Resolves when its answer is kept, or its key free again. */
  settled: Promise<void> = Promise.resolve();

  constructor(readonly holder: KeyHolder) {}

  /** It came to nothing, and its key is about to be free. */
  get hasFailed(): boolean {
    return this.recording.ending !== null && !this.isToBeKept;
  }

  /** Whether somebody who asks the same can still get all of it. */
  get canBeJoined(): boolean {
    return !this.recording.isTooLarge && !this.hasFailed;
  }

  /** Only a success is: whoever failed, or was cut off, is to try again with the same key. */
  get isToBeKept(): boolean {
    const { head, ending } = this.recording;
    const isSuccess = head !== null && head.status >= 200 && head.status < 300;
    const isWhole = ending === 'complete' && (this.meter?.outcome ?? 'completed') === 'completed';
    return isSuccess && isWhole;
  }

  get answered(): Answered | null {
    if (!this.meter) {
      return null;
    }
    const { endpoint, modelAsked, endUser, provider, modelUsed, stream } = this.meter;
    return { endpoint, modelAsked, endUser, provider, modelUsed, stream };
  }

  /** Null when it is too large to be kept. */
  get answer(): KeptAnswer | null {
    const { head, body, isTooLarge } = this.recording;
    return head && !isTooLarge ? { ...head, body, answered: this.answered } : null;
  }
}

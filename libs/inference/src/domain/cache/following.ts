import type { CallMeter } from '@app/analytics';
import type { AwaitedAnswer, LiveAnswer } from './awaited-answer.js';
import type { FlightCaller } from './flight.js';
import { sharedAnswer, type Told } from './told.js';

/** `again`: nobody answers there any more; `alone`: the vendor is to be asked. */
export type Followed = 'answered' | 'again' | 'alone';

interface Follower extends FlightCaller {
  readonly meter: CallMeter;
}

/**
 * Waits for the answer to a call of others, who ask the same.
 *
 * @param tell has it told to the caller; false when it is not for this one
 * @throws GatewayError that whoever makes the call was told by the vendor
 */
export async function follow(
  flight: AwaitedAnswer,
  { call: { signal }, reply, meter }: Follower,
  tell: (told: Told) => Promise<boolean>,
): Promise<Followed> {
  flight.join();
  let answer: LiveAnswer | null = null;
  try {
    answer = await flight.answering(signal);
    if (!answer) {
      if (flight.failure) {
        throw flight.failure;
      }
      return 'again';
    }
    if (answer.tape.isLost) {
      return 'alone';
    }
    return (await tell(sharedAnswer(answer))) ? 'answered' : 'alone';
  } catch (error) {
    if (answer?.tape.over instanceof Error && !reply.headersSent && !signal.aborted) {
      meter.cached = false;
      meter.savedNanoUsd = () => 0;
      return 'again';
    }
    throw error;
  } finally {
    flight.leave(signal.reason);
  }
}

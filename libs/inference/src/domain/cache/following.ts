import type { CallMeter } from '@app/analytics';
import type { CacheUse } from '@app/shared';
import { CacheMissError } from '../inference.errors.js';
import type { AwaitedAnswer, LiveAnswer } from './awaited-answer.js';
import type { FlightCaller } from './flight.js';
import { sharedAnswer, type Told } from './told.js';

/** `again`: nobody answers there any more; `alone`: the vendor is to be asked. */
export type Followed = 'answered' | 'again' | 'alone';

interface Follower extends FlightCaller {
  readonly meter: CallMeter;
}

/** Has what is told instead of asking a vendor told to the caller; false when it is not for this one. */
type Tell = (told: Told) => Promise<boolean>;

/** How a request may be answered without a vendor. */
export interface Answering {
  readonly follower: Follower;
  /** The same call, that others make; null: nobody does. */
  readonly flight: () => AwaitedAnswer | null;
  /** Tells what is kept; else the call begins that others follow. */
  readonly find: () => Promise<Followed>;
  readonly tell: Tell;
}

/**
 * Whether its caller was told what is kept, or what others are answered meanwhile; else the vendor is to be asked.
 *
 * @param answering null when no answer to it may be kept
 * @throws CacheMissError (504) when no vendor may be asked
 * @throws GatewayError that whoever made the same call was told by the vendor
 */
export async function isAnswered({ mode }: CacheUse, answering: Answering | null): Promise<boolean> {
  if (answering && mode !== 'refresh' && (await isFound(mode, answering))) {
    return true;
  }
  if (mode === 'only') {
    throw new CacheMissError();
  }
  return false;
}

async function isFound(mode: CacheUse['mode'], answering: Answering): Promise<boolean> {
  const { follower, tell } = answering;
  for (;;) {
    // Looked at before what is kept: what was under way then may be kept, and gone, when the store has answered.
    const flight = mode === 'only' ? null : answering.flight();
    const followed = await (flight ? follow(flight, follower, tell) : answering.find());
    if (followed !== 'again') {
      return followed === 'answered';
    }
  }
}

/**
 * Waits for the answer to a call of others, who ask the same.
 *
 * @throws GatewayError that whoever makes the call was told by the vendor
 */
async function follow(
  flight: AwaitedAnswer,
  { call: { signal }, reply, meter }: Follower,
  tell: Tell,
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

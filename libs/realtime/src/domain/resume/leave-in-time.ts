import type { LiveMemory } from '@app/dialects';
import { CLOSES, hangUp, isUp } from '../closes.js';
import type { Leg } from './leg.js';

/**
 * Closes a connection whose vendor will soon do so, when nothing is going on there: the session goes on at another one without a gap.
 * One that has not answered yet stays, or a vendor that says goodbye to whoever comes would be asked again and again.
 */
export function leaveInTime({ vendor, turns }: Leg, { isToBeLeft }: Pick<LiveMemory, 'isToBeLeft'>): void {
  if (
    isToBeLeft &&
    turns.haveAnswered &&
    !turns.areUnderWay &&
    !turns.isUsageAwaited &&
    isUp(vendor.socket)
  ) {
    hangUp(vendor.socket, CLOSES.normal);
  }
}

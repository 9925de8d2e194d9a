import type { Losses } from '../domain/losses.js';
import { objectAt, textAt, type Wire } from '../domain/wire.js';

/** What Google tells beside its answers, and no other protocol knows. @param content its `serverContent` */
export function noteUnsayable(message: Wire, content: Wire, losses: Losses): void {
  const goAway = objectAt(message, 'goAway');
  const grounding = objectAt(content, 'groundingMetadata') ?? {};
  if (goAway) {
    losses.dropped('goAway', `The vendor will close the session in ${textAt(goAway, 'timeLeft')}.`);
  }
  if (Object.keys(grounding).length > 0) {
    losses.dropped('groundingMetadata', 'What the answer rests on has no place in the session.');
  }
}

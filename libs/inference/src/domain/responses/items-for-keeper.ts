import { isShownElsewhere, type Losses, ResponseIds } from '@app/dialects';
import type { Item } from './earlier-items.js';

/**
 * Items of this gateway for a vendor that keeps items itself: it would look their ids up among its own, and takes
 * reasoning in its own cipher only.
 *
 * @param losses learns of reasoning that was left out
 */
export function itemsForKeeper(items: readonly Item[], losses: Losses): Item[] {
  return items.flatMap(item => {
    if (isShownElsewhere(item)) {
      losses.dropped('input.reasoning', 'Reasoning that another vendor showed in clear was left out.');
      return [];
    }
    const { id, ...anonymous } = item;
    return [typeof id === 'string' && ResponseIds.responseOf(id) !== null ? anonymous : item];
  });
}

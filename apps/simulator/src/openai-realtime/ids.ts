import type { World } from '../world.js';

const LENGTH = 21;

/** As `item_000000000000000000042`: as long as OpenAI's, and told apart by a number. */
export function idOf(kind: 'call' | 'conv' | 'event' | 'item' | 'resp' | 'sess', world: World): string {
  return `${kind}_${String(world.nextId()).padStart(LENGTH, '0')}`;
}

import { merge, type Wire } from '../domain/wire.js';
import type { WriteContext } from './write-context.js';

/**
 * Members for `native` of a part that says a whole block of this dialect in words which others understand; a vendor of
 * this dialect gets the block itself.
 */
export function whole(block: Wire): Wire {
  return { block };
}

/** The block itself, as a copy; null when the part is not of one that was put in other words. */
export function wholeBlock<Block extends object>(
  native: Wire | undefined,
  { native: own }: WriteContext,
): Block | null {
  const block = own ? native?.['block'] : undefined;
  return block === undefined ? null : { ...(block as Block) };
}

/** What only this dialect knows of a block, put back for a vendor that speaks it too. */
export function asItWas<Block extends object>(
  block: Block,
  native: Wire | undefined,
  context: WriteContext,
): Block {
  if (!context.native || !native) {
    return block;
  }
  return (
    wholeBlock<Block>(native, context) ?? (merge({ ...block } as Record<string, unknown>, native) as Block)
  );
}

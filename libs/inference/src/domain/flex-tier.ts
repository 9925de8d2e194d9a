import type { VendorDialect } from '@app/dialects';
import type { Price } from '@app/providers';
import { spliceMembers } from '@app/shared';
import type { ParsedBody } from './parse-body.js';
import type { VendorBody } from './vendor-body.js';

/** What the vendors call the tier in which they answer when they have room, and for less. */
const FLEX = 'flex';
/** That long they may take: https://developers.openai.com/api/docs/guides/flex-processing. */
const MOST_WAIT_MS = 900_000;
/** As callers write it in their dialects. */
const TIER_MEMBERS = ['service_tier', 'serviceTier'] as const;

/** A request in the flex tier of its vendor. */
export interface FlexRequest {
  readonly body: Buffer;
  /** Until the answer begins, and between its pieces, in ms. */
  readonly waitMs: number;
}

/**
 * Null where the caller chose a tier, or it is not known what the model costs there: most models are not offered in it, and whose
 * price is known is.
 *
 * @param deadlineMs that long the call can wait
 */
export function inFlexTier(
  deadlineMs: number,
  { json }: Pick<ParsedBody, 'json'>,
  { wire, route }: Pick<VendorBody, 'wire' | 'route'>,
  price: Price | null,
): FlexRequest | null {
  const { tierMember }: VendorDialect = route.dialect;
  const isChosen = TIER_MEMBERS.some(name => (json[name] ?? null) !== null);
  if (!tierMember || isChosen || !price?.exact || !price.services?.has(FLEX)) {
    return null;
  }
  const body = spliceMembers(Buffer.from(wire), { [tierMember]: JSON.stringify(FLEX) });
  return { body, waitMs: Math.min(deadlineMs, MOST_WAIT_MS) };
}

/** Statuses of a vendor that has no room there now, or does not offer the model there: as if it had not been asked. */
export const FLEX_REFUSALS: ReadonlySet<number> = new Set([400, 429]);

import { foreignFields } from './foreign-fields.js';
import type { Losses } from './losses.js';
import type { TaskRequest } from './task.js';

/** Reports the caller's fields that a vendor with a shape of its own has no place for. */
export function reportForeign(
  { native }: TaskRequest,
  own: ReadonlySet<string>,
  vendor: string,
  losses: Losses,
): void {
  for (const field of foreignFields({ fields: native }, own)) {
    losses.dropped(field, `'${vendor}' does not know it.`);
  }
}

/** The caller's fields that the vendor knows by the same name. */
export function ownFields({ native }: TaskRequest, own: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(native).filter(([field]) => own.has(field)));
}

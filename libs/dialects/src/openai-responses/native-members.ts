import { isAbsent, type Wire } from '../domain/wire.js';

/**
 * Members of an item or a tool that only this dialect knows, noted as if they were fields, e.g. `tools.defer_loading`:
 * other dialects report them lost. A vendor of this dialect gets them in the body itself.
 */
export function noteMembers(
  where: 'input' | 'tools',
  wire: Wire,
  known: ReadonlySet<string>,
  native: Record<string, unknown>,
): void {
  for (const key in wire) {
    if (!known.has(key) && !isAbsent(wire[key])) {
      native[`${where}.${key}`] = wire[key];
    }
  }
}

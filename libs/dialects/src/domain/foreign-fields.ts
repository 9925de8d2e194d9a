import type { NativeFields } from './conversation.js';

/**
 * Names of the fields, and of members of messages and tools, that only the caller's own dialect knows and that ask for
 * something: not those that are absent or switched off, not extensions of the caller's own (`x_…`), and none of the
 * bookkeeping in `quiet`.
 */
export function foreignFields({ fields, members = [] }: NativeFields, quiet: ReadonlySet<string>): string[] {
  const asking = Object.keys(fields).filter(field => {
    const value = fields[field];
    const says = value !== null && value !== undefined && value !== false;
    return says && !quiet.has(field) && !field.startsWith('x_');
  });
  return [...asking, ...members];
}

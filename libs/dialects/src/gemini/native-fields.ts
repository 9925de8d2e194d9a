import { isObject, type Wire } from '../domain/wire.js';

/**
 * Puts what only Google knows into a body again, wherever the reader found it: names may be paths such as
 * `generationConfig.imageConfig`. It rules over what was written, for it is the caller's own word.
 */
export function addNativeFields(body: Record<string, unknown>, fields: Wire): Record<string, unknown> {
  for (const [path, value] of Object.entries(fields)) {
    const names = path.split('.');
    const last = names.pop() ?? path;
    let at = body;
    for (const name of names) {
      at = ownObject(at, name);
    }
    const there = at[last];
    at[last] = isObject(there) && isObject(value) ? { ...there, ...value } : value;
  }
  return body;
}

/** The object there, as one that may be changed. */
function ownObject(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const there = parent[name];
  const own = isObject(there) ? { ...there } : {};
  parent[name] = own;
  return own;
}

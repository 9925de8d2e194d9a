import type { VendorNames } from './vendor-names.ts';

const LIST = /(export const catalog\b[^=]*=\s*\[)([^\]]*)(\])/;
const VENDOR_IMPORT = /^import \{ (\w+) \} from '\.\/([a-z0-9-]+)\.provider\.js';$/;

/**
 * Adds a vendor to the source text of the catalog: one import, in alphabetical order, and one entry at the end of
 * the list, since the order of the list decides which vendor a bare model name goes to.
 *
 * @throws Error when the vendor is there already, or the file does not look like the catalog
 */
export function addToCatalog(source: string, { id, identifier }: VendorNames): string {
  const imported = source.split('\n').map(line => VENDOR_IMPORT.exec(line));
  if (imported.some(found => found?.[1] === identifier || found?.[2] === id)) {
    throw new Error(`The vendor ${id} is in the catalog already.`);
  }
  if (!LIST.test(source)) {
    throw new Error('The catalog has no line `export const catalog: readonly Vendor[] = […];`.');
  }
  return withImport(withEntry(source, identifier), id, identifier);
}

function withEntry(source: string, identifier: string): string {
  return source.replace(LIST, (_, head: string, entries: string, tail: string) => {
    const list = entries.trim().replace(/,$/, '');
    const isMultiline = entries.includes('\n');
    const separator = isMultiline ? ',\n  ' : ', ';
    const body = list === '' ? identifier : `${list}${separator}${identifier}`;
    return isMultiline ? `${head}\n  ${body},\n${tail}` : head + body + tail;
  });
}

function withImport(source: string, id: string, identifier: string): string {
  const lines = source.split('\n');
  const line = `import { ${identifier} } from './${id}.provider.js';`;
  const next = lines.findIndex(each => (VENDOR_IMPORT.exec(each)?.[2] ?? '') > id);
  const lastImport = lines.findLastIndex(each => each.startsWith('import '));
  lines.splice(next === -1 ? lastImport + 1 : next, 0, line);
  return lines.join('\n');
}

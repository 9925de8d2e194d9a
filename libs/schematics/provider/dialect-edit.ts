import type { VendorNames } from './vendor-names.ts';

const UNION = /(export type DialectId =)([^;]*)(;)/;

/**
 * Adds a dialect to the source text of the list of their ids.
 *
 * @throws Error when it is there already, or the file does not hold the list
 */
export function addDialectId(source: string, { id }: VendorNames): string {
  if (!UNION.test(source)) {
    throw new Error('The dialects have no line `export type DialectId = …;`.');
  }
  if (UNION.exec(source)?.[2]?.includes(`'${id}'`)) {
    throw new Error(`The dialect ${id} is there already.`);
  }
  return source.replace(
    UNION,
    (_, head: string, ids: string, tail: string) => `${head}${ids} | '${id}'${tail}`,
  );
}

/** Adds a dialect to the source text of the lib's front door. */
export function exportDialect(source: string, { id, identifier }: VendorNames): string {
  return `${source.trimEnd()}\nexport { ${identifier}Vendor } from './${id}/vendor.js';\n`;
}

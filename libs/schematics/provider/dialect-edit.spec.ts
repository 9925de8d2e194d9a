import { addDialectId, exportDialect } from './dialect-edit.ts';
import { vendorNames } from './vendor-names.ts';

const names = vendorNames('acme-two');

describe('an entry among the dialects', () => {
  it('adds the id to the list of them', () => {
    expect(addDialectId("export type DialectId = 'gemini';\n", names)).toBe(
      "export type DialectId = 'gemini' | 'acme-two';\n",
    );
  });

  it('is made once, and needs the list', () => {
    const once = addDialectId("export type DialectId = 'gemini';\n", names);

    expect(() => addDialectId(once, names)).toThrow('there already');
    expect(() => addDialectId('export const nothing = 1;\n', names)).toThrow('have no line');
  });

  it('opens the front door', () => {
    expect(exportDialect("export { a } from './a.js';\n", names)).toBe(
      "export { a } from './a.js';\nexport { acmeTwoVendor } from './acme-two/vendor.js';\n",
    );
  });
});

import { addToCatalog } from './catalog-edit.ts';
import { vendorNames } from './vendor-names.ts';

const source = `import type { Vendor } from '../vendor.js';
import { anthropic } from './anthropic.provider.js';
import { openai } from './openai.provider.js';

/** Every vendor. */
export const catalog: readonly Vendor[] = [openai, anthropic];
`;

describe('an entry in the catalog', () => {
  it('imports in alphabetical order and lists at the end', () => {
    expect(addToCatalog(source, vendorNames('groq')).split('\n')).toEqual([
      "import type { Vendor } from '../vendor.js';",
      "import { anthropic } from './anthropic.provider.js';",
      "import { groq } from './groq.provider.js';",
      "import { openai } from './openai.provider.js';",
      '',
      '/** Every vendor. */',
      'export const catalog: readonly Vendor[] = [openai, anthropic, groq];',
      '',
    ]);
  });

  it('comes after the last import when its name does', () => {
    const lines = addToCatalog(source, vendorNames('together-ai')).split('\n');

    expect(lines[3]).toBe("import { togetherAi } from './together-ai.provider.js';");
    expect(lines[6]).toBe('export const catalog: readonly Vendor[] = [openai, anthropic, togetherAi];');
  });

  it('keeps a list of one line per vendor as it is', () => {
    const wide = source.replace('[openai, anthropic]', '[\n  openai,\n  anthropic,\n]');

    expect(addToCatalog(wide, vendorNames('groq'))).toContain('= [\n  openai,\n  anthropic,\n  groq,\n];');
  });

  it('fills an empty list', () => {
    const empty = source.replace('[openai, anthropic]', '[]');

    expect(addToCatalog(empty, vendorNames('groq'))).toContain('= [groq];');
  });

  it('is made once', () => {
    const once = addToCatalog(source, vendorNames('groq'));

    expect(() => addToCatalog(once, vendorNames('groq'))).toThrow('in the catalog already');
  });

  it('needs the list', () => {
    expect(() => addToCatalog('export const other = [];\n', vendorNames('groq'))).toThrow('has no line');
  });
});

describe("a vendor's names", () => {
  it('follow from the id', () => {
    expect(vendorNames('together-ai')).toEqual({
      id: 'together-ai',
      identifier: 'togetherAi',
      className: 'TogetherAi',
      title: 'Together Ai',
      variable: 'TOGETHER_AI_API_KEY',
    });
  });

  it.each(['Groq', 'together_ai', '3m', '-groq', 'groq-', 'a--b', 'a b', '../x', ''])('refuse %p', id => {
    expect(() => vendorNames(id)).toThrow('Use kebab case');
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CATALOG = 'libs/providers/src/catalog';
const COPIED = ['libs', 'scripts', 'test/support', 'nest-cli.json', 'package.json', 'tsconfig.json'];

describe('npm run new:provider', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'new-provider-'));
    for (const path of COPIED) {
      cpSync(path, join(copy, path), { recursive: true });
    }
    symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
  });

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  it('writes a vendor that compiles, is listed, and passes its own spec', () => {
    expect(newProvider('acme-cloud', 'https://api.acme.test/v1')).toMatchObject({ status: 0 });

    expect(readFileSync(join(copy, CATALOG, 'catalog.ts'), 'utf8')).toMatch(/\[openai,.*\bacmeCloud\b.*\]/s);
    writeFileSync(
      join(copy, 'tsconfig.catalog.json'),
      JSON.stringify({ extends: './tsconfig.json', include: [CATALOG], compilerOptions: { noEmit: true } }),
    );
    expect(run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.catalog.json')).toMatchObject({
      status: 0,
    });

    const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--roots', 'libs', '--json'];
    const specs = run(...jest, `${CATALOG}/acme-cloud`, `${CATALOG}/catalog.spec`);
    expect(JSON.parse(specs.stdout)).toMatchObject({ success: true, numPassedTestSuites: 2 });
  }, 120_000);

  it.each(['openai', 'Acme', 'acme_cloud', ''])('fails loudly for %p', name => {
    const before = readFileSync(join(copy, CATALOG, 'catalog.ts'), 'utf8');

    const { status, stderr } = newProvider(name);

    expect(status).toBe(1);
    expect(stderr).toMatch(/exists already|usage/);
    expect(readFileSync(join(copy, CATALOG, 'catalog.ts'), 'utf8')).toBe(before);
  });

  it('fails loudly when the schematic did, although the Nest CLI does not', () => {
    writeFileSync(join(copy, CATALOG, 'catalog.ts'), 'export const nothing = [];\n');

    const { status, stderr } = newProvider('acme-two');

    expect(status).toBe(1);
    expect(stderr).toContain('was not written');
  });

  const newProvider = (...args: string[]) => run('scripts/new-provider.mjs', ...args);

  function run(...args: string[]) {
    return spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  }
});

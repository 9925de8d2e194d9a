import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CATALOG = 'libs/providers/src/catalog';
const DIALECTS = 'libs/dialects/src';
const COPIED = ['apps', 'libs', 'scripts', 'test/support', 'nest-cli.json', 'package.json', 'tsconfig.json'];
const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--json', '--'];

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

  it('writes vendors that compile, pass their own specs, and answer through the gateway at once', () => {
    expect(newProvider('acme-cloud', 'https://api.acme.test/v1')).toMatchObject({ status: 0 });
    expect(newProvider('acme-own', 'https://api.acme.test/v1', '--type', 'own')).toMatchObject({ status: 0 });
    cpSync(join(copy, 'test/support/new-vendors.ts'), join(copy, 'test/support/new-vendors.e2e-spec.ts'));

    expect(read(CATALOG, 'catalog.ts')).toMatch(/= \[\s*openai,.*\bacmeCloud,\s*acmeOwn,?\s*\]/s);
    expect(read(DIALECTS, 'domain/part.ts')).toContain("| 'acme-own'");
    const compiled = run('node_modules/typescript/bin/tsc', '--noEmit', '--incremental', 'false');
    expect(compiled.stdout).toBe('');
    expect(compiled.status).toBe(0);

    const specs = run(
      ...JEST,
      `${CATALOG}/acme-`,
      `${CATALOG}/catalog.spec`,
      `${DIALECTS}/acme-own`,
      'new-vendors',
    );
    expect(JSON.parse(specs.stdout)).toMatchObject({ success: true, numPassedTestSuites: 5 });
  }, 300_000);

  it.each(['openai', 'Acme', 'acme_cloud', ''])('fails loudly for %p', name => {
    const before = read(CATALOG, 'catalog.ts');

    const { status, stderr } = newProvider(name);

    expect(status).toBe(1);
    expect(stderr).toMatch(/exists already|usage/);
    expect(read(CATALOG, 'catalog.ts')).toBe(before);
  });

  it.each([
    [['acme-two', '--type', 'strange'], 'is no type of vendor'],
    [['acme-two', '--kind', 'own'], 'usage'],
    [['openai-chat', '--type', 'own'], `${DIALECTS}/openai-chat exists already`],
  ])('fails loudly for %j', (args, words) => {
    const { status, stderr } = newProvider(...args);

    expect(status).toBe(1);
    expect(stderr).toContain(words);
  });

  it('fails loudly when the schematic did, although the Nest CLI does not', () => {
    writeFileSync(join(copy, CATALOG, 'catalog.ts'), 'export const nothing = [];\n');

    const { status, stderr } = newProvider('acme-two');

    expect(status).toBe(1);
    expect(stderr).toContain('was not written');
  });

  const newProvider = (...args: string[]) => run('scripts/new-provider.mjs', ...args);
  const read = (...path: string[]) => readFileSync(join(copy, ...path), 'utf8');

  function run(...args: string[]) {
    return spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  }
});
